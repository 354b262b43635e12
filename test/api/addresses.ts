import type { Express } from 'express';

/** An address of the app: its pattern and the methods that it answers with more than a refusal. */
export interface Address {
  readonly pattern: string;
  readonly methods: readonly string[];
}

/** Every address of an app, read from the app itself. */
export function addressesOf(app: Express): Address[] {
  return app.router.stack.flatMap(({ route }) => {
    if (!route) return [];
    const methods = new Set(route.stack.map(({ method }) => method).filter(Boolean));
    return [
      { pattern: String(route.path), methods: [...methods].map((method) => method.toUpperCase()).sort() },
    ];
  });
}

import type { Express, Request, Response } from 'express';
import type { ApiParts } from './parts';
import { addressAt, refuseOthers } from './routes';

/** GET /healthz: this process lives. GET /readyz: what it needs answers. */
export function health(app: Express, parts: ApiParts): void {
  const alive = addressAt(app, '/healthz');
  alive.get((_request: Request, response: Response) => {
    response.json({ status: 'ok' });
  });
  refuseOthers(alive, ['GET']);
  const ready = addressAt(app, '/readyz');
  ready.get(async (_request: Request, response: Response) => {
    const [temporal, store] = await Promise.all([
      answers(parts, 'Temporal', () => parts.temporalAnswers()),
      answers(parts, 'the store', () => parts.store.ping()),
    ]);
    const isReady = temporal && store;
    if (!isReady) response.set('Retry-After', '2');
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ok' : 'unavailable', temporal, store });
  });
  refuseOthers(ready, ['GET']);
}

/** A readiness probe is asked again soon: an answer that takes longer than this is none. */
const PATIENCE_MS = 4_000;

async function answers({ log }: ApiParts, what: string, ask: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    await Promise.race([ask(), late]);
    return true;
  } catch (error) {
    log.warn({ err: error }, `${what} does not answer`);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** What the run has started and must end: global set-up and teardown share this module. */

const stops: (() => Promise<void>)[] = [];

/** Ends something when all tests are done; what came last is ended first. */
export function onTeardown(stop: () => Promise<void>): void {
  stops.push(stop);
}

/** Ends everything, also when one of them fails to. @throws the first failure */
export async function stopServers(): Promise<void> {
  const failures: unknown[] = [];
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
    await stop().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

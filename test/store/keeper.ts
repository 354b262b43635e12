import { won } from '#domain/money';
import { openStore } from '#store/index';

/**
 * A process to be killed: opens the store in the folder it is given, opens one attempt after the other, and prints each
 * number once the store has said that it is kept.
 */
async function keep(dataDir: string): Promise<never> {
  const store = await openStore({ dataDir });
  const subscriptionId = await store.reserveSubscriptionId();
  for (let attempt = 1; ; attempt += 1) {
    const number = `${subscriptionId.slice(4)}${String(attempt).padStart(5, '0')}`;
    await store.openAttempt({ number, kind: 'charge', subscriptionId, amount: won(9_900) });
    process.stdout.write(`${number}\n`);
  }
}

void keep(process.argv[2]!);

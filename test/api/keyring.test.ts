import { drawKey } from '#api/api-key';
import { Keyring } from '#api/keyring';
import { keyOf } from '#api/request-key';
import { unseal } from '#src/sealed';
import { DatabaseError } from '#store/errors';
import { API_KEY, type Running, run } from './running';

/** What a process knows of the keys, and for how long; its clock is the test's. */

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

const SECOND = 1_000;
const MINUTE = 60_000;

async function madeKey() {
  const { secret, kept } = drawKey({ name: 'shop', scope: 'write', mode: 'test' }, API_KEY);
  await on.store.keepApiKey(kept);
  return { secret, id: kept.id };
}

/** A process of its own, on the one store, and its clock. */
function process(isAway = () => false) {
  const time = { now: Date.now() };
  const asked: string[] = [];
  const noted: string[] = [];
  const store = {
    resealApiKey: on.store.resealApiKey,
    async apiKeyByHash(hash: string) {
      asked.push(hash);
      if (isAway()) throw new DatabaseError('no answer', { unavailable: true });
      return on.store.apiKeyByHash(hash);
    },
    async noteApiKeyUsed(id: string) {
      noted.push(id);
    },
  };
  const keyring = new Keyring(store, { apiKey: API_KEY, mode: 'test' }, () => time.now);
  return { keyring, time, asked, noted };
}

const refusal = (code: string) => expect.objectContaining({ code });

test('another process hears of a revocation within five seconds, and asks the store once in that time', async () => {
  const { secret, id } = await madeKey();
  const { keyring, time, asked } = process();
  for (let times = 0; times < 20; times++) await keyring.callerOf(secret);
  expect(asked).toHaveLength(1);
  await on.store.revokeApiKey(id);
  time.now += 5 * SECOND - 1;
  expect(await keyring.callerOf(secret)).toMatchObject({ keyId: id });
  time.now += 1;
  await expect(keyring.callerOf(secret)).rejects.toEqual(refusal('unauthorized'));
  expect(asked).toHaveLength(2);
});

test('a key that is made elsewhere is known at once: nothing is remembered of what was wrong', async () => {
  const { keyring } = process();
  const { secret, kept } = drawKey({ name: 'shop', scope: 'write', mode: 'test' }, API_KEY);
  await expect(keyring.callerOf(secret)).rejects.toEqual(refusal('unauthorized'));
  await on.store.keepApiKey(kept);
  expect(await keyring.callerOf(secret)).toMatchObject({ scope: 'write' });
});

test('while the store is away, what was valid goes on for five minutes, and only that', async () => {
  const [used, unused] = [await madeKey(), await madeKey()];
  let away = false;
  const { keyring, time, asked } = process(() => away);
  await keyring.callerOf(used.secret);
  away = true;
  await expect(keyring.callerOf(unused.secret)).rejects.toBeInstanceOf(DatabaseError);
  time.now += 5 * MINUTE - 1;
  expect(await keyring.callerOf(used.secret)).toMatchObject({ keyId: used.id });
  // It does not wait for the store at every request.
  const before = asked.length;
  expect(await keyring.callerOf(used.secret)).toMatchObject({ keyId: used.id });
  expect(asked).toHaveLength(before);
  time.now += 5 * SECOND;
  for (let times = 0; times < 2; times++)
    await expect(keyring.callerOf(used.secret)).rejects.toBeInstanceOf(DatabaseError);
  expect(await keyring.callerOf(API_KEY)).toMatchObject({ scope: 'admin' });
  away = false;
  expect(await keyring.callerOf(used.secret)).toMatchObject({ keyId: used.id });
});

test('an end that comes between two looks is an end', async () => {
  const { secret, id } = await madeKey();
  const { keyring, time } = process();
  await on.db.query(`update api_keys set expires_at = now() + interval '1 hour' where id = $1`, [id]);
  time.now += 3_600 * SECOND - 4 * SECOND;
  await keyring.callerOf(secret);
  time.now += 4.5 * SECOND;
  await expect(keyring.callerOf(secret)).rejects.toEqual(refusal('unauthorized'));
});

test('its use is noted once a minute', async () => {
  const { secret, id } = await madeKey();
  const { keyring, time, noted } = process();
  for (let times = 0; times < 13; times++) {
    await keyring.callerOf(secret);
    time.now += 5 * SECOND;
  }
  expect(noted).toEqual([id, id]);
});

test.each([
  '',
  'pk_test_',
  `pk_test_${'a'.repeat(42)}`,
  `pk_test_${'a'.repeat(44)}`,
  `PK_test_${'a'.repeat(43)}`,
])('what has no form of a key never reaches the store: %s', async (given) => {
  const { keyring, asked } = process();
  await expect(keyring.callerOf(given)).rejects.toEqual(refusal('unauthorized'));
  expect(asked).toEqual([]);
});

test('what was recorded and sealed under PERENNIAL_API_KEY before there were other keys is found and opened', async () => {
  const { keyring } = process();
  const { secret } = await keyring.callerOf(API_KEY);
  const request = {
    path: '/v1/customers',
    body: { name: '김민지', email: 'minji@example.com' },
    get: () => 'key-of-last-year',
  };
  // Written down by the release before.
  expect(keyOf(request as never, secret)).toMatchObject({
    scope: 'X1wlPaWfIU25xR4V POST /v1/customers',
    bodyHash: 'LGusWx_Y5OaddlfOfN4V0RCZrmx_CS9xrv7lUPxCm0A',
    name: 'WP8ypXCDWDr6VMWn2mQYiDuFJ9qjUt9McaG2acuQEoU',
  });
  const sealed = '0XNmFubGhIqBaGBB2vcEKY4K3sgspiZFPcvja386NfjM5pDTtjvK7vf0hwg31DCqeg';
  expect(unseal(sealed, { actorSecret: secret, name: 'some request' })).toBe('a secret of last year');
});

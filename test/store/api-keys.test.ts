import { randomBytes } from 'node:crypto';
import type { NewApiKey } from '#store/api-key-store';
import { atOnce, onBoth } from './both';

let drawn = 0;
function someKey(more: Partial<NewApiKey> = {}): NewApiKey {
  drawn += 1;
  const id = `key_${String(drawn)
    .replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '')
    .padStart(20, 'z')}`;
  return {
    id,
    actor: id,
    name: 'the shop',
    hash: randomBytes(32).toString('hex'),
    prefix: 'pk_test_ab12',
    scope: 'write',
    mode: 'test',
    sealedByKey: 'sealed by the key',
    sealedByFirst: 'sealed by the first',
    ...more,
  };
}

const successorOf = (key: NewApiKey, more: Partial<NewApiKey> = {}) => someKey({ actor: key.actor, ...more });
const hoursFromNow = (time: string | undefined) => (Date.parse(time ?? '') - Date.now()) / 3_600_000;

onBoth((on) => {
  const age = (id: string, by: string) =>
    on.db.query(
      `update api_keys set created_at = created_at - $2::interval, last_used_at = last_used_at - $2::interval,
         expires_at = expires_at - $2::interval where id = $1`,
      [id, by],
    );

  test('is found by its id and by the hash of the key, and says all but the hash', async () => {
    const { hash, ...key } = someKey({ scope: 'admin', expiresAt: '2099-12-31T00:00:00.000Z' });
    const kept = await on.store.keepApiKey({ ...key, hash });
    expect(kept).toEqual({ ...key, createdAt: expect.stringMatching(/^20.*Z$/) });
    expect(await on.store.apiKey(key.id)).toEqual(kept);
    expect(await on.store.apiKeyByHash(hash)).toEqual(kept);
    expect(await on.store.apiKeyByHash(hash.toUpperCase())).toBeUndefined();
    expect(await on.store.apiKey('key_nobody')).toBeUndefined();
  });

  test('the same key is not kept twice', async () => {
    const key = someKey();
    await on.store.keepApiKey(key);
    await expect(on.store.keepApiKey(someKey({ hash: key.hash }))).rejects.toThrow('api_keys_hash_key');
  });

  test('its use is written once a minute', async () => {
    const { id } = await on.store.keepApiKey(someKey());
    const lastUse = async () => (await on.store.apiKey(id))?.lastUsedAt;
    expect(await lastUse()).toBeUndefined();
    await on.store.noteApiKeyUsed(id);
    await age(id, '59 seconds');
    const first = await lastUse();
    await on.store.noteApiKeyUsed(id);
    expect(await lastUse()).toBe(first);
    await age(id, '2 seconds');
    await on.store.noteApiKeyUsed(id);
    expect(Date.parse((await lastUse()) ?? '') - Date.parse(first ?? '')).toBeGreaterThan(30_000);
  });

  test('what is revoked stays, and stays revoked since then', async () => {
    const { hash, ...key } = someKey();
    await on.store.keepApiKey({ ...key, hash });
    const revoked = await on.store.revokeApiKey(key.id);
    expect(revoked?.revokedAt).toEqual(expect.any(String));
    expect(await on.store.revokeApiKey(key.id)).toEqual(revoked);
    expect(await on.store.apiKeyByHash(hash)).toEqual(revoked);
    expect(await on.store.revokeApiKey('key_nobody')).toBeUndefined();
  });

  describe('rotated', () => {
    test('it names its successor, which acts as the same, and can be used until the overlap ends', async () => {
      const key = someKey();
      await on.store.keepApiKey(key);
      const next = successorOf(key);
      expect(await on.store.rotateApiKey(key.id, next, 24)).toMatchObject({
        id: next.id,
        actor: key.id,
        rotatedFrom: key.id,
      });
      const before = await on.store.apiKey(key.id);
      expect(before).toMatchObject({ rotatedTo: next.id });
      expect(hoursFromNow(before?.expiresAt)).toBeCloseTo(24, 1);
      expect((await on.store.apiKey(next.id))?.expiresAt).toBeUndefined();
    });

    test('once, however many ask at once: then its successor is', async () => {
      const key = someKey();
      await on.store.keepApiKey(key);
      const answers = await atOnce(6, () => on.store.rotateApiKey(key.id, successorOf(key), 1));
      const [successor, ...others] = answers.filter((answer) => answer !== undefined);
      expect(others).toEqual([]);
      expect((await on.store.apiKey(key.id))?.rotatedTo).toBe(successor?.id);
      const third = successorOf(key);
      expect(await on.store.rotateApiKey(successor?.id ?? '', third, 1)).toMatchObject({ actor: key.id });
    });

    test('it cannot be used for longer than before', async () => {
      const key = someKey({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
      await on.store.keepApiKey(key);
      await on.store.rotateApiKey(key.id, successorOf(key), 24);
      expect(hoursFromNow((await on.store.apiKey(key.id))?.expiresAt)).toBeCloseTo(1, 1);
    });

    test('not when it is revoked or has expired, or never was', async () => {
      const [revoked, expired] = [someKey(), someKey({ expiresAt: new Date().toISOString() })];
      for (const key of [revoked, expired]) await on.store.keepApiKey(key);
      await on.store.revokeApiKey(revoked.id);
      await age(expired.id, '1 second');
      for (const id of [revoked.id, expired.id, 'key_nobody']) {
        const next = someKey();
        expect(await on.store.rotateApiKey(id, next, 24)).toBeUndefined();
        expect(await on.store.apiKey(next.id)).toBeUndefined();
      }
    });
  });

  test('the list has those that can be used first, the newest of them first', async () => {
    await on.db.script('delete from api_keys where rotated_from is not null; delete from api_keys');
    const [old, revoked, newest] = [someKey(), someKey(), someKey()];
    for (const key of [old, revoked, newest]) await on.store.keepApiKey(key);
    await age(old.id, '1 hour');
    await on.store.revokeApiKey(revoked.id);
    expect((await on.store.apiKeys()).map(({ id }) => id)).toEqual([newest.id, old.id, revoked.id]);
  });

  test('what was sealed by another first key is sealed anew', async () => {
    const { id } = await on.store.keepApiKey(someKey());
    await on.store.resealApiKey(id, 'sealed by another');
    expect(await on.store.apiKey(id)).toMatchObject({
      sealedByFirst: 'sealed by another',
      sealedByKey: 'sealed by the key',
    });
  });
});

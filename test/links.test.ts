import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { readRecoveryToken, recoveryUrl } from '#src/links';

/** A link is good for one subscription until one time, and only as we signed it. */

const KEY = 'the-key-of-today';
const OTHER = 'the-key-of-yesterday';
const PUBLIC = 'https://pay.example.com';
const ID = 'sub_1234567890123';
const UNTIL = Date.UTC(2027, 0, 31, 0, 0, 0, 7);

function tokenOf(keys: readonly string[], id = ID, until = UNTIL): string {
  const url = recoveryUrl({ publicUrl: PUBLIC, keys }, id, until);
  const token = url.slice(`${PUBLIC}/recover/`.length);
  expect(url).toBe(`${PUBLIC}/recover/${token}`);
  return token;
}

test('what was signed is read, to the millisecond, for every subscription', () => {
  const digits = fc.bigInt({ min: 1_000_000_000_000n, max: 9_999_999_999_999n });
  const until = fc.integer({ min: 0, max: 8_640_000_000_000_000 }).map((at) => at % 2 ** 48);
  fc.assert(
    fc.property(digits, until, (number, expiresAt) => {
      const subscriptionId = `sub_${number}`;
      const token = tokenOf([KEY], subscriptionId, expiresAt);
      expect(readRecoveryToken([KEY], token)).toEqual({ subscriptionId, expiresAt });
    }),
  );
});

test('the first key signs and any verifies: a key is replaced without breaking a link', () => {
  const before = tokenOf([OTHER]);
  const after = tokenOf([KEY, OTHER]);
  expect(readRecoveryToken([KEY, OTHER], before)).toEqual({ subscriptionId: ID, expiresAt: UNTIL });
  expect(readRecoveryToken([KEY], after)).toEqual({ subscriptionId: ID, expiresAt: UNTIL });
  expect(readRecoveryToken([OTHER], after)).toBeUndefined();
  expect(readRecoveryToken([KEY], before)).toBeUndefined();
  expect(readRecoveryToken([], before)).toBeUndefined();
});

test('not one character of it can be another', () => {
  const token = tokenOf([KEY]);
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  for (let i = 0; i < token.length; i += 1) {
    for (const letter of letters) {
      if (letter === token[i]) continue;
      const changed = token.slice(0, i) + letter + token.slice(i + 1);
      expect(readRecoveryToken([KEY], changed)).toBeUndefined();
    }
  }
});

test.each([
  ['nothing', ''],
  ['something short', 'abc'],
  ['a checkout’s token', 'A'.repeat(43)],
  ['something of the right length', 'A'.repeat(60)],
  ['other characters', '%'.repeat(60)],
])('%s is no token', (_what, text) => {
  expect(readRecoveryToken([KEY], text)).toBeUndefined();
  expect(readRecoveryToken([KEY], `${tokenOf([KEY])}${text}x`)).toBeUndefined();
});

test('what the same key signed for something else is no link', () => {
  const signed = Buffer.from(tokenOf([KEY]), 'base64url').subarray(0, 13);
  const elsewhere = createHmac('sha256', KEY).update(signed).digest();
  expect(readRecoveryToken([KEY], Buffer.concat([signed, elsewhere]).toString('base64url'))).toBeUndefined();
});

test.each([
  ['no key', [], ID, UNTIL],
  ['no subscription', [KEY], 'sub_1', UNTIL],
  ['no whole time', [KEY], ID, 0.5],
  ['a time that never comes', [KEY], ID, 2 ** 48],
])('%s: no link is made', (_what, keys, id, until) => {
  expect(() => recoveryUrl({ publicUrl: PUBLIC, keys }, id, until)).toThrow();
});

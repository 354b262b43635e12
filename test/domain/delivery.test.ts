import fc from 'fast-check';
import { DOWN_AFTER, isDown, nextProbe, nextTry, RETRIED_FOR } from '#domain/delivery';

const AT = Date.UTC(2027, 0, 31);

/** Every try of an event that is never taken: how long after the first failure, in seconds. */
function triesOf(chance: number): number[] {
  const tries: number[] = [];
  for (let now = AT, failures = 1; ; failures += 1) {
    const next = nextTry({ since: AT, failures }, now, chance);
    if (next === undefined) return tries;
    now = next;
    tries.push((now - AT) / 1000);
  }
}

test('the pauses grow from seconds to half a day, and the last try comes after three days', () => {
  const tries = triesOf(0);
  expect(tries.slice(0, 5)).toEqual([5, 35, 155, 755, 2_555]);
  expect(tries.at(-1)).toBe(RETRIED_FOR / 1000);
  expect(tries.length).toBeLessThan(20);
});

test('for any chance the tries go on for three days and no longer, never at once', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (chance) => {
      const tries = triesOf(chance);
      expect(tries.at(-1)).toBe(RETRIED_FOR / 1000);
      const pauses = tries.map((at, index) => at - (tries[index - 1] ?? 0));
      expect(Math.min(...pauses)).toBeGreaterThan(0);
      expect(Math.min(...pauses.slice(0, 1))).toBeGreaterThanOrEqual(4);
    }),
  );
});

test('a receiver that asks to be left alone is, for half a day at most', () => {
  const one = { since: AT, failures: 1 };
  expect(nextTry(one, AT, 0, 60_000)).toBe(AT + 60_000);
  expect(nextTry(one, AT, 0, 1_000)).toBe(AT + 5_000);
  expect(nextTry(one, AT, 0, 10 * RETRIED_FOR)).toBe(AT + 12 * 3_600_000);
});

test('an endpoint is down after five failures in a row, and then tried as a new failure would be', () => {
  expect([isDown({ failures: DOWN_AFTER - 1 }), isDown({ failures: DOWN_AFTER })]).toEqual([false, true]);
  expect(nextProbe({ since: AT, failures: DOWN_AFTER }, AT, 0)).toBe(AT + 5_000);
  expect(nextProbe({ since: AT, failures: DOWN_AFTER + 1 }, AT, 0)).toBe(AT + 30_000);
  expect(nextProbe({ since: AT, failures: 30 }, AT + RETRIED_FOR, 0)).toBeUndefined();
});

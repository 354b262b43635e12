import fc from 'fast-check';
import {
  DOWN_AFTER,
  type EndpointHealth,
  isDown,
  judge,
  nextProbe,
  nextTry,
  RETRIED_FOR,
} from '#domain/delivery';

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

const well = { failures: 0 };
const first = { failures: 0, isProbe: false };
const chance = () => 0;

test('an endpoint is judged by its first five failures: those that were under way change nothing', () => {
  let health: EndpointHealth = { failures: 4, failingSince: AT };
  const nextAts = Array.from({ length: 8 }, () => {
    const judged = judge(health, first, AT, chance);
    health = judged.health;
    return judged.nextAt;
  });
  expect(health).toEqual({ failures: 5, failingSince: AT, nextProbeAt: AT + 5_000 });
  expect(nextAts).toEqual(Array(8).fill(AT + 5_000));
  const probed = judge(health, { ...first, failures: 1, isProbe: true }, AT + 5_000, chance);
  expect(probed.health).toEqual({ failures: 6, failingSince: AT, nextProbeAt: AT + 35_000 });
});

test('one event that fails again says nothing of an endpoint that takes others', () => {
  const judged = judge(well, { ...first, failures: 1, since: AT }, AT + 5_000, chance);
  expect(judged).toEqual({ health: well, nextAt: AT + 35_000, isHopeless: false });
  // Nor does what was written down of it once: days later one refusal is one refusal.
  const later = judge({ failures: 0, failingSince: AT }, first, AT + 2 * RETRIED_FOR, chance);
  expect(later).toMatchObject({
    health: { failures: 1, failingSince: AT + 2 * RETRIED_FOR },
    isHopeless: false,
  });
});

test('nothing taken for three days is hopeless, be it few events or many; then what failed waits', () => {
  const end = AT + RETRIED_FOR;
  const one = { failures: 12, since: AT, isProbe: false };
  expect(judge({ failures: 1, failingSince: AT }, one, end, chance)).toMatchObject({
    isHopeless: true,
    nextAt: end,
  });
  const down = { failures: 15, failingSince: AT, nextProbeAt: end };
  expect(judge(down, { ...first, isProbe: true }, end, chance)).toMatchObject({ isHopeless: true });
  // Taken since: the event is the reason, and is given up.
  expect(judge({ failures: 1, failingSince: AT + 1 }, one, end, chance)).toEqual({
    ...{ health: { failures: 1, failingSince: AT + 1 }, isHopeless: false },
    nextAt: undefined,
  });
});

test('a pause that is asked for holds for the endpoint where the receiver speaks of itself, half a day at most', () => {
  const asked = { ...first, retryAfterMs: 60_000 };
  expect(judge(well, asked, AT, chance)).toMatchObject({
    health: { failures: 1, failingSince: AT },
    nextAt: AT + 60_000,
  });
  const paused = judge(well, { ...asked, isForAll: true }, AT, chance);
  expect(paused.health).toEqual({ failures: 1, failingSince: AT, nextProbeAt: AT + 60_000 });
  const endless = judge(well, { ...asked, isForAll: true, retryAfterMs: Infinity }, AT, chance);
  expect(endless.health.nextProbeAt).toBe(AT + 12 * 3_600_000);
  const again = judge(well, { ...asked, failures: 3, since: AT, isForAll: true }, AT, chance);
  expect(again.health).toEqual({ failures: 0, nextProbeAt: AT + 60_000 });
  // Tried after the pause and refused without another, it is one that fails, and not down yet.
  const tried = judge(paused.health, { ...first, isProbe: true }, AT + 60_000, chance);
  expect(tried.health).toEqual({ failures: 2, failingSince: AT });
});

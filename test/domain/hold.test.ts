import type { Hold } from '#domain/account-hold';
import { applyAll } from '#domain/apply';
import { startCharge } from '#domain/collect';
import { DAY, HOUR, MINUTE } from '#domain/dunning';
import { concludeReleaseLook } from '#domain/hold';
import { nextStep } from '#domain/next-step';
import { detailsOf } from '#domain/operator-text';
import type { ChargeOutcome } from '#domain/payment';
import { concludeRefund } from '#domain/refund';
import type { Subscription } from '#domain/subscription';
import { viewOf } from '#domain/view';
import { active, alertsOf, asked, charged, charging, factsSince, on, paid, refused } from './given';

const DUE = on('2027-02-28');
const hold: Hold = { id: 'hold_a', kind: 'operator', reason: 'month-end closing', since: DUE - HOUR };
const heldBack: ChargeOutcome = { kind: 'notSent', reason: 'held (operator): month-end closing', hold };
const published = (s: Subscription): Subscription => ({ ...s, unpublished: [] });

/** Lives on under the hold until the charge is no longer tried; the hours after the due time of each try. */
function liveHeld(begun: Subscription): { s: Subscription; tries: number[]; at: number } {
  let s = published(begun);
  const tries: number[] = [];
  for (;;) {
    const step = nextStep(s, s.period?.end ?? 0);
    if (step.kind !== 'charge') return { s, tries, at: step.at ?? 0 };
    const late = startCharge(s, step.at);
    if (late.some((c) => c.type === 'charge.held')) s = published(applyAll(s, late, step.at));
    else {
      tries.push((step.at - DUE) / HOUR);
      s = published(charged(s, heldBack, step.at));
    }
    expect(tries.length).toBeLessThan(40);
  }
}

test('a charge that a hold keeps back burns nothing and is tried again, after ten minutes and then ever later', () => {
  let s = active();
  const waits: number[] = [];
  for (let now = DUE; waits.length < 6; now = s.invoice?.nextTryAt ?? 0) {
    s = charged(s, heldBack, now);
    waits.push(((s.invoice?.nextTryAt ?? 0) - now) / MINUTE);
  }
  expect(waits).toEqual([10, 20, 40, 60, 60, 60]);
  expect(s).toMatchObject({ status: 'active', nextAttempt: 3, invoice: { declines: 0, hitches: 0 } });
  expect(alertsOf(s)).toEqual([]);
  const free = charged(s, paid('r1'), s.invoice?.nextTryAt ?? 0);
  expect(free).toMatchObject({ period: { index: 1, start: DUE }, invoice: undefined });
});

test('whoever looks at a waiting subscription is told of the hold and since when it waits', () => {
  const s = charged(charged(active(), heldBack, DUE), heldBack, DUE + 10 * MINUTE);
  expect(viewOf(s, DUE + HOUR).openInvoice?.waiting).toEqual({
    reason: heldBack.kind === 'notSent' && heldBack.reason,
    since: '2027-02-28T00:00:00Z',
    hold: { id: 'hold_a', kind: 'operator', since: '2027-02-27T23:00:00Z' },
  });
  expect(viewOf(s, DUE + HOUR).entitled.now).toBe(true);
  const details = detailsOf(s, nextStep(s, DUE));
  expect(details).toContain('hold_a of 2027-02-27T23:00:00Z: held (operator): month-end closing');
  expect(details).toContain('waits since 2027-02-28T00:00:00Z');
});

describe('a charge that a hold made more than 24 hours late', () => {
  const { s: late, tries, at } = liveHeld(active());

  test('is held without another alert, and looks for the release of that hold', () => {
    expect(tries[tries.length - 1]).toBeLessThanOrEqual(24);
    expect(at - DUE).toBeGreaterThan(DAY);
    expect(at - DUE).toBeLessThanOrEqual(DAY + HOUR);
    expect(late.invoice).toMatchObject({ held: expect.stringContaining('24 hours'), hitches: 0 });
    expect(nextStep(late, at)).toEqual({ kind: 'lookForRelease', at, hold: 'hold_a' });
    expect(alertsOf(applyAll(active(), [{ type: 'charge.held', reason: 'x', hold: 'hold_a' }], at))).toEqual(
      [],
    );
  });

  test('looks every hour, then every six, while the hold is in force, and no fact is written', () => {
    const looked = applyAll(late, concludeReleaseLook(late, 'inForce', DUE + DAY + 77), DUE + DAY + 77);
    expect(looked.version).toBe(late.version);
    const soon = nextStep(looked, 0);
    expect(soon).toMatchObject({ kind: 'lookForRelease', hold: 'hold_a' });
    expect(((soon.at ?? 0) - DUE - DAY) / HOUR).toBeCloseTo(1);
    expect(Number.isInteger(soon.at)).toBe(true);
    const back = DUE + 30 * DAY;
    const long = applyAll(late, concludeReleaseLook(late, 'inForce', back), back);
    expect(nextStep(long, 0).at).toBe(back + 6 * HOUR);
  });

  test('goes when a person releases the hold: one period, and the next is held for its own lateness', () => {
    const back = DUE + 70 * DAY;
    const s = published(applyAll(late, concludeReleaseLook(late, 'released', back), back));
    expect(nextStep(s, back)).toEqual({ kind: 'charge', at: back });
    const once = charged(s, paid('r1'), back);
    expect(once.period?.index).toBe(1);
    const next = startCharge(once, back);
    expect(next.map((c) => c.type)).toEqual(['invoice.opened', 'charge.held', 'operator.alert']);
  });

  test('waits on, and a person is told once, where the hold closed by itself', () => {
    const told = applyAll(late, concludeReleaseLook(late, 'closed', at), at);
    expect(alertsOf(told)).toEqual(['charge_held']);
    const again = applyAll(told, concludeReleaseLook(told, 'closed', at + HOUR), at + HOUR);
    expect(alertsOf(again)).toEqual(['charge_held']);
    expect(again.version).toBe(told.version);
    const released = applyAll(again, concludeReleaseLook(again, 'released', at + 2 * HOUR), at + 2 * HOUR);
    expect(charging(released, at + 2 * HOUR).order).toMatch(/00002$/);
  });

  test('goes by a release of its own as well, and then has a day of its own again', () => {
    const s = asked(late, { kind: 'release' }, at).s;
    expect(s.invoice).toMatchObject({ held: undefined, waiting: undefined, tryDueAt: undefined });
    const held = charged(s, heldBack, at);
    expect(startCharge(held, at + DAY).map((c) => c.type)).toContain('charge.started');
    expect(concludeReleaseLook(s, 'released', at)).toEqual([]);
  });
});

test('lateness counts from when the try was really due, also where the store or the network was away', () => {
  let s = active();
  let now = DUE;
  while (!startCharge(s, now).some((c) => c.type === 'charge.held')) {
    s = charged(s, { kind: 'notSent', reason: 'refused connection' }, now);
    now = s.invoice?.nextTryAt ?? 0;
    expect(now - DUE).toBeLessThan(2 * DAY);
  }
  expect(now - DUE).toBeGreaterThan(DAY);
  expect(alertsOf(applyAll(s, startCharge(s, now), now))).toEqual(['charge_held']);
});

test('a try on the ladder is late by its own time, not by that of the first', () => {
  const declined = charged(charged(active(), heldBack, DUE), refused('funds'), DUE + HOUR);
  expect(declined.invoice).toMatchObject({ declines: 1, waiting: undefined, tryDueAt: undefined });
  const next = declined.invoice?.nextTryAt ?? 0;
  expect(startCharge(declined, next + DAY).map((c) => c.type)).toContain('charge.started');
});

test('a cancellation while the charge cannot be sent costs nothing: there is no paid period to end', () => {
  const s = charged(active(), heldBack, DUE);
  expect(
    asked(s, { kind: 'cancel', when: 'period_end', refund: 'none', reason: 'x' }, DUE + HOUR).s.status,
  ).toBe('canceled');
});

test('a refund waits for the end of a hold too, and nothing is counted', () => {
  const before = active();
  const request = {
    kind: 'refund',
    paymentId: before.payments[0]?.id ?? '',
    amount: 1_000,
    reason: 'x',
  } as const;
  let s = asked(before, request, DUE - DAY).s;
  const id = s.refunds[0]?.id ?? '';
  for (const wait of [10, 20, 40, 60]) {
    const now = s.refunds[0]?.at ?? 0;
    s = applyAll(s, [{ type: 'refund.started', id }], now);
    s = applyAll(s, concludeRefund(s, id, { outcome: heldBack }, now), now);
    expect(s.refunds[0]).toMatchObject({ status: 'queued', at: now + wait * MINUTE, sends: 0, hitches: 0 });
  }
  expect(viewOf(s, DUE).refunds[0]?.waiting?.hold?.id).toBe('hold_a');
  expect(factsSince(s, before.version)).not.toContain('refund.failed');
});

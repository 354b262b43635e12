import type { HoldState } from './account-hold';
import type { Instant } from './calendar';
import { DAY, HOUR } from './dunning';
import type { Change, Fact } from './event';
import type { Invoice, Subscription } from './subscription';

/** A charge that waits for a person. */

/** A charge later than this is not sent until a person releases it. */
const LATEST_CHARGE = DAY;
const LATE = 'it is more than 24 hours late';

/** A charge waits for a person, who is told so. */
export function holdCharge(reason: string): Fact[] {
  return [
    { type: 'charge.held', reason },
    alert(`A charge is held: ${reason}. Release it or cancel the subscription.`),
  ];
}

/** Late counts from when the try was really due, however often it was put off because it could not be sent. */
export function isLate({ tryDueAt, nextTryAt, dueAt }: Invoice, now: Instant): boolean {
  return now - (tryDueAt ?? nextTryAt ?? dueAt) > LATEST_CHARGE;
}

/**
 * A late charge waits for a person. One that a hold of the account made late goes with that hold's release; that the account is
 * held somebody knows already, so nobody is told of each charge.
 */
export function holdLate({ waiting }: Invoice): Fact[] {
  return waiting?.hold ? [{ type: 'charge.held', reason: LATE, hold: waiting.hold.id }] : holdCharge(LATE);
}

/** What became of the hold that made a charge late. One that closed by itself has nobody's word for late charges. */
export function concludeReleaseLook(s: Subscription, state: HoldState, now: Instant): Change[] {
  const release = s.invoice?.release;
  if (!release) return [];
  // The later it is, the less often: after an hour at first, after six in the end.
  const late = now - (s.invoice?.tryDueAt ?? now);
  const nextAt = now + Math.min(6 * HOUR, Math.max(HOUR, Math.round(late / 24)));
  if (state === 'released') return [{ type: 'charge.released' }];
  if (state === 'inForce' || release.told) return [{ type: 'note.releaseLook', nextAt }];
  const how = `Release ${release.hold} to let all such charges go, or this one, or cancel the subscription.`;
  return [{ type: 'note.releaseLook', nextAt, told: true }, alert(`A charge is held: ${LATE}. ${how}`)];
}

function alert(message: string): Fact {
  return { type: 'operator.alert', code: 'charge_held', message };
}

import { createHmac } from 'node:crypto';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** Our clock and the provider's may differ by as much. */
const AHEAD = 10 * MINUTE;

/**
 * How good a hint's claim to the next turn is: 0 signed; 1 an idKey made just now; 2 one as old as its payment may be; 3 any
 * other. StepPay's idKeys begin with the epoch milliseconds of their making. Only the order of turns comes from this, never
 * what is true: whoever forges may know it too.
 */
export function rankOf(
  { idKey, type, signed }: { idKey: string; type: string; signed: boolean },
  now: number,
): number {
  if (signed) return 0;
  const made = Number(/^(\d{13})[A-Za-z0-9]{16}$/.exec(idKey)?.[1] ?? Number.NaN);
  const age = now - made;
  // A payment is cancelled up to a year later; by bank transfer it is paid after days.
  const oldest = type === 'CANCELED' ? 400 * DAY : 15 * DAY;
  if (!(age >= -AHEAD && age <= oldest)) return 3;
  return age <= 15 * MINUTE ? 1 : 2;
}

/** Tells senders apart by their network address (the /64 of IPv6), without keeping it. */
export function sourceOf(address: string | undefined, secret: string): string {
  const plain = (address ?? '').replace(/^::ffff:/i, '');
  const network = plain.includes(':') ? plain.split(':').slice(0, 4).join(':') : plain;
  return createHmac('sha256', secret).update(network).digest('base64url').slice(0, 16);
}

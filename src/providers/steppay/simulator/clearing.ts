import { iso, parseInstant } from '#domain/calendar';
import type { Payment } from './book';
import { cardNamed, renewalEffect } from './cards';
import { resultOf } from './clearing-days';
import type { Parts } from './parts';
import { settle } from './settling';

/** How long a virtual account takes its deposit, from the first look at it. */
const DEPOSIT_WITHIN = 7 * 86_400_000;

/**
 * A debit whose time has come is settled when someone looks at it: paid, or failed where its card says so. Nobody is told by a
 * webhook, since webhooks arrive by the wall clock. A payment that was begun in a window has no subscription's time of its own:
 * it counts from the first look at it.
 */
export function clear(parts: Parts, payment: Payment, testTime: string | undefined): void {
  if (payment.status === 'VIRTUAL_BANK_STANDBY' && payment.depositUntil === undefined) {
    const opened = parseInstant(testTime ?? new Date().toISOString());
    parts.book.change(payment.idKey, { depositUntil: iso(opened + DEPOSIT_WITHIN) });
  }
  if (payment.status !== 'CMS_STANDBY') return;
  const now = testTime ?? new Date().toISOString();
  const resultAt = payment.resultAt ?? (testTime && resultOf(testTime, true));
  if (resultAt === undefined) return;
  if (payment.resultAt === undefined) parts.book.change(payment.idKey, { resultAt });
  if (parseInstant(now) < parseInstant(resultAt)) return;
  const fate = fateOf(parts, payment);
  const { code, message } = fate ?? {};
  settle(parts, payment.idKey, { as: fate ? 'FAILED' : 'COMPLETE', code, message, webhook: false });
}

function fateOf({ book }: Parts, { key, card, debit }: Payment) {
  const issued = key === undefined ? undefined : book.find(key);
  const behaviour = issued && cardNamed(card ?? '');
  const effect = behaviour && renewalEffect(behaviour, debit ?? 0);
  return effect?.kind === 'failsLater' ? effect : undefined;
}

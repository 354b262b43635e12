import { waitsAgain } from './account-hold';
import { type Appliers, withPayment, withRefund } from './appliers';
import type { Refund, Subscription } from './subscription';

/** How money that goes back changes the state. */

const refundOf = (s: Subscription, id: string): Refund | undefined => s.refunds.find((r) => r.id === id);

export const REFUND_CHANGES = {
  'note.recalled': (s, { payment }) => ({ payments: [...s.payments, payment].sort((a, b) => a.at - b.at) }),
  'payment.canceledElsewhere': (s, e, at) => withPayment(s, e.id, { refunded: e.refunded, elsewhereAt: at }),
  'refund.requested': (s, e) => ({ refunds: [...s.refunds, e.refund], nextRefund: s.nextRefund + 1 }),
  'refund.started': (s, e) =>
    withRefund(s, e.id, (r) => ({
      status: 'sending',
      sends: r.sends + 1,
      before: s.payments.find((p) => p.id === r.paymentId)?.refunded,
    })),
  'refund.done': (s, e) => ({
    ...withRefund(s, e.id, () => ({ status: 'done' })),
    ...withPayment(s, refundOf(s, e.id)?.paymentId ?? '', { refunded: e.refunded }),
  }),
  'refund.progressing': (s, e) =>
    withRefund(s, e.id, (r) => ({ status: 'progress', at: e.nextAt, hitches: r.hitches + 1 })),
  'refund.failed': (s, e) => withRefund(s, e.id, () => ({ status: 'failed', failure: e.reason })),
  'refund.unanswered': (s, e) =>
    withRefund(s, e.id, (r) => ({
      status: 'unanswered',
      at: e.nextAt,
      before: e.before ?? r.before,
      hitches: r.hitches + 1,
    })),
  'refund.notSent': (s, e, at) =>
    withRefund(s, e.id, (r) => ({
      status: 'queued',
      at: e.nextAt,
      sends: r.sends - 1,
      hitches: e.hold ? r.hitches : r.hitches + 1,
      waiting: waitsAgain(r.waiting, e, at),
    })),
  'refund.resend': (s, e, at) => withRefund(s, e.id, () => ({ status: 'queued', at })),
  'refund.stuck': (s, e) => withRefund(s, e.id, () => ({ status: 'stuck', failure: e.reason })),
} satisfies Partial<Appliers>;

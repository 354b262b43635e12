import { type Appliers, FRESH_TRY } from './appliers';
import { type Instant, localDate } from './calendar';
import type { Change } from './event';
import { KEPT } from './kept';
import type { Subscription } from './subscription';

/** How the recovery of a failed payment, and another method, change the state. */

type Replaced = Extract<Change, { type: 'method.replaced' }>;

/** Plans that were made for the former method are forgotten; what is owed is tried with the new one. */
function replaced(s: Subscription, e: Replaced, at: Instant): Partial<Subscription> {
  const former = e.former?.partnerUserId;
  const others = (s.formerUserIds ?? []).filter((id) => id !== former);
  const retry = e.nextTryAt !== undefined && {
    ...FRESH_TRY,
    nextTryAt: e.nextTryAt,
    askedBy: e.by,
    trouble: undefined,
    issuerDeclines: undefined,
  };
  return {
    method: { ...e.method, since: at },
    formerUserIds: former === undefined ? s.formerUserIds : [...others, former].slice(-KEPT.formerUserIds),
    offered: undefined,
    debit: undefined,
    invoice: s.invoice && { ...s.invoice, ...retry },
  };
}

export const RECOVERY_CHANGES = {
  'method.offered': (_s, e, at) => ({
    offered: { idKey: e.idKey, partnerUserId: e.partnerUserId, at, verifyAt: at },
  }),
  'method.refused': (s, e) => ({
    offered: s.offered && { ...s.offered, verifyAt: undefined, refused: e.reason },
  }),
  'method.replaced': replaced,
  'charge.asked': (s, e, at) => {
    const day = localDate(at, s.zone);
    const count = s.invoice?.asked?.day === day ? s.invoice.asked.count + 1 : 1;
    return {
      invoice: s.invoice && {
        ...s.invoice,
        ...FRESH_TRY,
        nextTryAt: at,
        askedBy: e.by,
        asked: { day, count },
        windowUntil: undefined,
      },
    };
  },
  'charge.moved': (s, e) => ({
    invoice: s.invoice && {
      ...s.invoice,
      ...FRESH_TRY,
      nextTryAt: e.to,
      askedBy: undefined,
      trouble: undefined,
      giveUpAt: undefined,
      moves: (s.invoice.moves ?? 0) + 1,
      movedDays: (s.invoice.movedDays ?? 0) + e.days,
      movedTo: e.to,
    },
  }),
  'note.offerLater': (s, e) => ({ offered: s.offered && { ...s.offered, verifyAt: e.at } }),
  'note.unsaid': (s, e) => ({
    unsaid: { at: e.at, messages: [...(s.unsaid?.messages ?? []), e.message].slice(-KEPT.unsaid) },
  }),
  'note.said': () => ({ unsaid: undefined }),
  'note.told': (s, e) => ({
    invoice: s.invoice && { ...s.invoice, toldDay: Math.max(e.day, s.invoice.toldDay ?? 0) },
  }),
  'note.noticed': (_s, e) => ({ noticed: e.period }),
} satisfies Partial<Appliers>;

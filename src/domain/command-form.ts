import { isMoment } from './calendar';
import type { Command } from './command';

/**
 * Whether a command has the form that its type promises. Over HTTP it was looked at before; a signal or an update may come from
 * anybody who can reach Temporal, by hand too, and what is not looked at here would fail the workflow task for ever.
 */

/** What is wrong with it, or undefined. Never quotes what was sent. */
export function faultOfCommand(command: Command): string | undefined {
  if ('reason' in command && !isReason(command.reason)) return 'reason must be a text.';
  const text = TEXTS[command.kind]?.find((field) => !isText(Reflect.get(command, field)));
  if (text) return `${text} must be a text.`;
  switch (command.kind) {
    case 'cancel': {
      const { when, refund } = command;
      const isTime = when === 'now' || when === 'period_end' || isMoment(when?.at);
      if (!isTime) return 'when must be now, period_end or { at: epoch milliseconds }.';
      return REFUND_PARTS.has(refund) ? undefined : 'refund must be none, prorated or full.';
    }
    case 'retry':
    case 'moveDate':
      return ACTORS.has(command.by) ? undefined : 'by must be link or api.';
    case 'replaceMethod': {
      const { partnerUserId } = command;
      return isAbsent(partnerUserId) || isText(partnerUserId) ? undefined : 'partnerUserId must be a text.';
    }
    case 'refund': {
      const { account, known } = command;
      if (!isAbsent(account) && !isText(account)) return 'account must be a text.';
      const isPayment =
        isText(known?.id) && isText(known.order) && isText(known.idKey) && known.total && known.receipt;
      return isAbsent(known) || isPayment ? undefined : 'known must be a payment.';
    }
    case 'settle': {
      const { outcome } = command;
      if (outcome === 'not_charged' || isText(outcome?.paid?.idKey)) return undefined;
      return 'outcome must be not_charged or { paid: { idKey } }.';
    }
    default:
      return undefined;
  }
}

const TEXTS: { readonly [K in Command['kind']]?: readonly string[] } = {
  confirmPayment: ['order', 'idKey'],
  moveDate: ['to'],
  replaceMethod: ['idKey'],
  refund: ['paymentId'],
  settle: ['order'],
  paymentReported: ['order', 'idKey'],
};
const REFUND_PARTS: ReadonlySet<unknown> = new Set(['none', 'prorated', 'full']);
const ACTORS: ReadonlySet<unknown> = new Set(['link', 'api']);
/** Longer than any text of ours: the state has a size to keep. */
const LONGEST = 500;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST;
}

/** What goes into the books as the caller wrote it: it may be empty. */
function isReason(value: unknown): boolean {
  return value === '' || isText(value);
}

/** An absent field crosses JSON as no field, and an undefined one in a list as null. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

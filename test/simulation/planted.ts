/** A bug to plant in a copy of the core. The text of each place stands there exactly once. */
export interface Planted {
  readonly name: string;
  /** More than one where a second guard would make up for the first. */
  readonly places: readonly Place[];
}

interface Place {
  /** File in src/domain. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export const PLANTED: readonly Planted[] = [
  {
    name: 'charges while another charge is unsettled',
    places: [
      {
        file: 'next-step.ts',
        find: 'if (hasEnded(s) || s.orders.some((o) => isOpenEnded(o) && !isLeftOver(s, o))) return [];',
        replace: 'if (hasEnded(s)) return [];',
      },
      {
        file: 'money-changes.ts',
        find: 'nextTryAt: undefined,\n        order: e.order,',
        replace: 'order: e.order,',
      },
    ],
  },
  {
    name: 'takes the receipt of another order',
    places: [
      {
        file: 'settle.ts',
        find: 'if (receipt.order !== number || !isOurs(s, receipt)) {',
        replace: 'if (!isOurs(s, receipt)) {',
      },
    ],
  },
  {
    name: 'sends an unanswered refund again without a look',
    places: [
      {
        file: 'refund.ts',
        find: "return [{ type: 'refund.unanswered', id, reason: outcome.reason, before, nextAt: now + LOOK_AFTER }];",
        replace: "return [{ type: 'refund.resend', id }];",
      },
    ],
  },
  {
    name: 'ends a period one interval too late',
    places: [
      {
        file: 'collect.ts',
        find: 'start: period.end, end: boundary(anchor, k + 1) };',
        replace: 'start: period.end, end: boundary(anchor, k + 2) };',
      },
    ],
  },
  {
    name: 'counts months from the last day instead of the anchor',
    places: [
      {
        file: 'collect.ts',
        find: 'const next: Period = { index, k, trial: false, start: period.end, end: boundary(anchor, k + 1) };',
        replace:
          'const last = { ...anchor, date: new Date(period.end + 32_400_000).toISOString().slice(0, 10) };\n' +
          '  const next: Period = { index, k, trial: false, start: period.end, end: boundary(last, 1) };',
      },
    ],
  },
  {
    name: 'forgets request keys',
    places: [
      {
        file: 'decide.ts',
        find: "request ? [{ type: 'note.request', request: { ...request, answer } }] : [];",
        replace: '[];',
      },
    ],
  },
  {
    name: 'keeps money that came after the end',
    places: [
      {
        file: 'receive.ts',
        find: 'return hasEnded(s) || (s.cancel !== undefined && s.cancel.at <= now);',
        replace: 'return false;',
      },
    ],
  },
  {
    name: 'books one payment as often as it is reported',
    places: [
      { file: 'receive.ts', find: 'if (s.payments.some((p) => p.idKey === idKey)) return [];', replace: '' },
      {
        file: 'settle.ts',
        find: 'const known = s.payments.find((p) => p.idKey === receipt.idKey);',
        replace: 'const known = s.payments.find(() => false);',
      },
    ],
  },
  {
    name: 'charges before it ends',
    places: [
      {
        file: 'next-step.ts',
        find: '...endings(s), ...charges(s, now)',
        replace: '...charges(s, now), ...endings(s)',
      },
      {
        file: 'next-step.ts',
        find: 'return cancel !== undefined && start !== undefined && cancel.at <= start;',
        replace: 'return false;',
      },
    ],
  },
  {
    name: 'sends late charges',
    places: [
      {
        file: 'hold.ts',
        find: '(tryDueAt ?? nextTryAt ?? dueAt) > LATEST_CHARGE;',
        replace: '(tryDueAt ?? nextTryAt ?? dueAt) > 100 * LATEST_CHARGE;',
      },
    ],
  },
  {
    name: 'refunds without a thought of refunds under way',
    places: [
      {
        file: 'subscription.ts',
        find: '(r) => r.paymentId === payment.id && isOpenRefund(r)',
        replace: '(r) => r.paymentId === payment.id && false',
      },
    ],
  },
  {
    name: 'sends two refunds of one payment at a time',
    places: [
      {
        file: 'next-step.ts',
        find: 'return underWay.has(refund.paymentId) ? [] :',
        replace: 'return false ? [] :',
      },
    ],
  },
  {
    name: 'drops a payment whose order can still be reported',
    places: [
      { file: 'kept.ts', find: 'payments: 30,', replace: 'payments: 1,' },
      { file: 'kept.ts', find: 'asked.has(p.id) || inState.has(p.order) ||', replace: 'asked.has(p.id) ||' },
    ],
  },
  {
    name: 'forgets a report that comes during its own read',
    places: [
      {
        file: 'settle.ts',
        find: 'const renewed = waiting !== undefined && waiting.at !== hint.at;',
        replace: 'const renewed = false;',
      },
    ],
  },
  {
    name: 'skips a sequence number',
    places: [
      {
        file: 'apply.ts',
        find: 'sequence: s.version + 1, at };',
        replace: "sequence: s.version + (change.type === 'refund.done' ? 2 : 1), at };",
      },
    ],
  },
  {
    name: 'tells customers at night',
    places: [
      {
        file: 'quiet-hours.ts',
        find: 'return morning < nextLocalTime(now + 1, zone, FROM) ? morning : undefined;',
        replace: 'return morning < 0 ? morning : undefined;',
      },
    ],
  },
  {
    name: 'forgets which day of the schedule was told',
    places: [
      {
        file: 'announce.ts',
        find: "    { type: 'note.told', day: stage.day },\n",
        replace: '',
      },
    ],
  },
];

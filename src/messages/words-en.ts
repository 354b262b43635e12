import type { MessageWords } from './words';

const access = (until?: string) => until && `You can go on using it until ${until}.`;
const end = (on?: string) => on && `Your subscription ends on ${on} unless it is paid by then.`;
const next = (on?: string) => on && `We will try the same payment method again on ${on}.`;

export const en: MessageWords = {
  hello: (name) => `Dear ${name},`,
  test: 'Test',
  footer: (merchant) => `You receive this e-mail from ${merchant} because it concerns your subscription.`,
  labels: {
    plan: 'Subscription',
    period: 'Period',
    amount: 'Amount',
    supply: 'Net of VAT',
    vat: 'VAT',
    taxFree: 'Free of VAT',
    method: 'Payment method',
    paidOn: 'Paid on',
    dueOn: 'Charged on',
    receipt: 'Receipt',
  },
  span: (from, to) => `${from} – ${to}`,
  say: {
    trial_ending: ({ plan, amount, dueOn }) => ({
      subject: `Your free trial ends and turns paid on ${dueOn}`,
      paragraphs: [
        `Your free trial of ${plan} is about to end. ${amount} is charged for the first time on ${dueOn}.`,
        'If you do not want to go on, cancel at any time before that day and you pay nothing.',
      ],
      action: 'See your payment method',
      short: `Your free trial of ${plan} ends: ${amount} is charged on ${dueOn}. Cancel before that day if you do not want to go on.`,
    }),
    renewal_due: ({ plan, amount, dueOn }, { trouble }) => {
      const due = trouble
        ? `${amount} is due then. There is no payment method that it could be charged to: please give one before that day.`
        : `${amount} is charged.`;
      return {
        subject: trouble
          ? `Your subscription renews on ${dueOn}: we need a payment method`
          : `Your subscription renews on ${dueOn}`,
        paragraphs: [
          `${plan} renews on ${dueOn}. ${due}`,
          'If you do not want to go on, you can cancel before that day.',
        ],
        action: trouble ? 'Give a payment method' : 'See your payment method',
        short: `${plan} renews on ${dueOn}: ${due}`,
      };
    },
    receipt: ({ plan, amount }) => ({
      subject: `We received your payment of ${amount}`,
      paragraphs: [`We received ${amount} for ${plan}. Thank you.`],
      short: `We received your payment of ${amount} for ${plan}.`,
    }),
    payment_failed: ({ plan, amount, nextTryOn, accessUntil, endsOn }, { tone }) => {
      const subject = {
        first: 'Your payment did not go through',
        reminder: 'Your payment is still open',
        last: 'Your subscription is about to end',
      }[tone ?? 'first'];
      const failed =
        tone === 'first' || tone === undefined
          ? `We could not charge ${amount} for ${plan}. Please check the limit or balance of your payment method.`
          : `The payment of ${amount} for ${plan} is still open.`;
      return {
        subject,
        paragraphs: [
          failed,
          [next(nextTryOn), access(accessUntil), end(endsOn)].filter(Boolean).join(' '),
          'Below you can pay right now, give another payment method, or choose another day.',
        ],
        action: 'Choose how to pay',
        short: [failed, tone === 'last' ? end(endsOn) : next(nextTryOn)].filter(Boolean).join(' '),
      };
    },
    method_needed: ({ plan, amount, method, accessUntil, endsOn }, { tone, trouble }) => {
      const known = method === undefined ? 'your payment method' : `your payment method (${method})`;
      const why = {
        methodDead: `We can no longer charge ${known}. Please give another one.`,
        callIssuer: `The card company declined ${known}. Please ask them and pay again, or give another payment method.`,
        noMethod: 'There is no payment method. Please give one.',
      }[trouble ?? 'noMethod'];
      return {
        subject:
          tone === 'last'
            ? 'Your subscription is about to end: we need a payment method'
            : 'We need another payment method',
        paragraphs: [
          `The payment of ${amount} for ${plan} is open.`,
          why,
          [access(accessUntil), end(endsOn)].filter(Boolean).join(' '),
        ],
        action: 'Give a payment method',
        short: [
          `The payment of ${amount} for ${plan} is open. ${why}`,
          tone === 'last' ? end(endsOn) : undefined,
        ]
          .filter(Boolean)
          .join(' '),
      };
    },
    method_changed: ({ plan, method, nextTryOn }) => ({
      subject: 'Your payment method was changed',
      paragraphs: [
        `${plan} is charged to ${method === undefined ? 'your new payment method' : method} from now on. The former one is not charged any more.`,
        nextTryOn && `What is still open is charged to it on ${nextTryOn}.`,
        'If this was not you, please tell us at once.',
      ],
      action: 'See your payment method',
      short: `The payment method of ${plan} was changed. If this was not you, please tell us at once.`,
    }),
    recovered: ({ plan, amount }) => ({
      subject: `Paid: your subscription goes on`,
      paragraphs: [
        `We received the open payment of ${amount} for ${plan}. Your subscription goes on as it was. Thank you.`,
      ],
      short: `We received the open payment of ${amount} for ${plan}. Your subscription goes on.`,
    }),
    ended: ({ plan, amount }, { because }) => ({
      subject: 'Your subscription has ended',
      paragraphs:
        because === 'unpaid'
          ? [
              `${plan} has ended because ${amount === undefined ? 'its payment' : `the payment of ${amount}`} did not come in.`,
              'Nothing more is charged. You are welcome to subscribe again at any time.',
            ]
          : [
              `${plan} has ended. Nothing more is charged.`,
              'Thank you for having been with us. You are welcome back at any time.',
            ],
      short: `${plan} has ended. Nothing more is charged.`,
    }),
    refunded: ({ plan, amount, paidOn }) => ({
      subject: `We refunded ${amount}`,
      paragraphs: [
        `We refunded ${amount} of your payment for ${plan}${paidOn === undefined ? '' : ` of ${paidOn}`}.`,
        'It may take your bank or card company a few days to show it.',
      ],
      short: `We refunded ${amount} of your payment for ${plan}.`,
    }),
  },
};

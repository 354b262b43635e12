/** Bodies and answers as they look: shown in the document, and read by their own schemas in the tests. */

const subscriptionId = 'sub_1000000000001';
const customerId = 'cus_3k9x2m';
const orderId = '100000000000100001';
const paymentId = `pay_${orderId}`;
const price = { amount: 9900, currency: 'KRW' };

export const newCustomer = {
  name: '김민지',
  email: 'minji@example.com',
  phone: '010-1234-5678',
  locale: 'ko',
  reference: 'member-1042',
};
export const customer = { id: customerId, ...newCustomer, createdAt: '2026-03-01T03:00:00.000Z' };

export const newCheckout = {
  planId: 'plan_monthly',
  customer: newCustomer,
  successUrl: 'https://shop.example.com/welcome',
  cancelUrl: 'https://shop.example.com/plans',
};
export const checkout = {
  id: 'chk_1000000000001',
  subscriptionId,
  customerId,
  orderId,
  url: 'https://pay.example.com/checkout/3q2-7wAbcdefghijklmnopqrstuvwxyz0123456789AB',
  expiresAt: '2026-03-02T03:00:00.000Z',
  amount: price,
  trial: null,
};
export const newSubscription = {
  planId: 'plan_monthly',
  customerId,
  paymentMethod: { provider: 'steppay', idKey: 'k7Yw2QpXz', partnerUserId: 'member-1042' },
  firstPeriod: 'alreadyPaid',
};

const plan_ = {
  id: 'plan_monthly',
  name: '월간 멤버십',
  price,
  taxFree: { amount: 0, currency: 'KRW' },
  interval: { unit: 'MONTH', count: 1 },
  trialDays: 0,
};
const names = { ko: '월간 멤버십', en: 'Monthly membership' };
export const plan = { ...plan_, version: 1, names };
export const newPlan = { ...plan_, name: names };

export const subscription = {
  id: subscriptionId,
  status: 'active',
  steppayStatus: 'ACTIVE',
  mode: 'test',
  customerId,
  planId: 'plan_monthly',
  plan: plan_,
  createdAt: '2026-03-01T03:00:00.000Z',
  version: 9,
  checkout: null,
  currentPeriod: {
    index: 0,
    start: '2026-03-01T03:04:00.000Z',
    end: '2026-04-01T00:00:00.000Z',
    trial: false,
  },
  entitled: { now: true, until: '2026-04-01T00:00:00.000Z' },
  cancelAt: null,
  cancelReason: null,
  endedAt: null,
  endReason: null,
  next: { kind: 'charge', at: '2026-04-01T00:00:00.000Z' },
  openInvoice: null,
  method: { label: '신한카드 **** 1234', debit: false, since: '2026-03-01T03:04:00.000Z' },
  newMethod: null,
  recovery: null,
  unsettled: [],
  deposit: null,
  payments: [
    {
      id: paymentId,
      orderId,
      invoiceId: `inv_100000000000100000`,
      amount: price,
      refunded: { amount: 0, currency: 'KRW' },
      at: '2026-03-01T03:04:00.000Z',
      stray: false,
      method: '신한카드 **** 1234',
    },
  ],
  refunds: [],
};
export const timeline = {
  data: [
    {
      type: 'payment.received',
      subscriptionId,
      sequence: 4,
      at: '2026-03-01T03:04:00.000Z',
      orderId,
      summary: { what: 'paid', amount: '9,900 KRW' },
    },
  ],
  nextCursor: null,
};

export const preview = {
  subscriptionId,
  next: {
    at: '2026-04-01T00:00:00.000Z',
    period: { start: '2026-04-01T00:00:00.000Z', end: '2026-05-01T00:00:00.000Z' },
    lines: [{ description: '월간 멤버십', amount: price }],
    total: price,
    supply: { amount: 9000, currency: 'KRW' },
    vat: { amount: 900, currency: 'KRW' },
    taxFree: { amount: 0, currency: 'KRW' },
  },
};

export const cancel = { when: 'period_end', reason: 'moving away' };
export const settle = { orderId, outcome: { paid: { idKey: 'k7Yw2QpXz' } } };
export const advance = { by: 'P1M1D' };
export const clock = { now: '2026-04-02T03:00:00.000Z' };
export const accepted = {
  accepted: true,
  subscriptionId,
  version: 10,
  chargeInFlight: false,
  cancelAt: '2026-04-01T00:00:00.000Z',
  refundId: null,
  nextTryAt: null,
};

export const invoice = {
  id: 'inv_100000000000100000',
  subscriptionId,
  number: 0,
  status: 'paid',
  total: price,
  taxFree: { amount: 0, currency: 'KRW' },
  period: { start: '2026-03-01T03:04:00.000Z', end: '2026-04-01T00:00:00.000Z' },
  dueAt: '2026-03-01T03:00:00.000Z',
  closedAt: '2026-03-01T03:04:00.000Z',
  paymentId,
};
export const payment = {
  id: paymentId,
  subscriptionId,
  orderId,
  invoiceId: 'inv_100000000000100000',
  amount: price,
  refunded: { amount: 0, currency: 'KRW' },
  stray: false,
  method: '신한카드 **** 1234',
  receiptUrl: 'https://receipts.example.com/3f9',
  at: '2026-03-01T03:04:00.000Z',
  refunds: [],
};
export const refund = { amount: { amount: 3000, currency: 'KRW' }, reason: 'late parcel' };
export const refundOf = { paymentId, ...refund };
export const refundAccepted = {
  id: 're_100000000000100001',
  paymentId,
  ...refund,
  status: 'queued',
  requestedAt: '2026-03-05T01:00:00.000Z',
  failure: null,
  waiting: null,
  accepted: true,
  subscriptionId,
  version: 11,
  refundId: 're_100000000000100001',
};

export const moveDate = { to: '2026-04-10' };
export const paymentMethod = { provider: 'steppay', idKey: 'n4Tz8LqRv' };
export const recoveryLink = {
  url: `https://pay.example.com/recover/${subscriptionId}.lx2f9.Zm9vYmFyYmF6`,
  expiresAt: '2026-05-10T00:00:00.000Z',
};
export const entitlements = {
  customerId,
  plans: ['plan_monthly'],
  data: [
    {
      subscriptionId,
      planId: 'plan_monthly',
      status: 'active',
      entitled: true,
      until: '2026-04-01T00:00:00.000Z',
      cancelAt: null,
    },
  ],
};

export const newHold = { reason: 'prices in the catalogue were wrong; being looked into' };
export const hold = {
  id: 'hold_7f3k2m9x4q8w5e6r',
  kind: 'operator',
  reason: newHold.reason,
  inForce: true,
  openedAt: '2026-03-05T01:00:00.000Z',
  closedAt: null,
  releasedAt: null,
};
export const newReconciliation = { since: '2026-03-01' };
export const newApiKey = { name: 'shop', scope: 'write' };
export const rotation = { overlapHours: 24 };

export const newEndpoint = {
  url: 'https://shop.example.com/webhooks/perennial',
  types: ['subscription.activated', 'subscription.renewed', 'subscription.ended'],
};
export const endpointChange = { types: null, description: 'membership service' };
export const redelivery = { from: '2027-01-31T00:00:00Z', to: '2027-02-01T00:00:00Z', only: 'dead' };
export const endpoint = {
  id: 'we_a2b3c4d5e6f7g2h3j4k5',
  url: 'https://shop.example.com/webhooks/perennial',
  description: null,
  types: ['subscription.activated', 'subscription.renewed', 'subscription.ended'],
  status: 'enabled',
  disabledReason: null,
  failingSince: null,
  nextTryAt: null,
  createdAt: '2027-01-31T00:00:00.000Z',
};

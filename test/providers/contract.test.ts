import { won } from '#domain/money';
import { RECEIPT_STATUSES } from '#domain/payment';
import type { PaymentProvider } from '#providers/provider';
import { createStepPay } from '#providers/steppay/index';
import { chargeOf, newOrder, type Simulated, simulate } from './steppay-simulated';

/**
 * What the engine relies on, asked of whoever speaks the protocol: always of the simulator, and of StepPay itself when
 * STEPPAY_CONTRACT_BASE_URL and STEPPAY_CONTRACT_SECRET_TOKEN are set (STEPPAY_CONTRACT_ID_KEY: a payment of that shop, to
 * read its receipt). Nothing here can charge or refund: what is asked for does not exist.
 */
interface Side {
  readonly name: string;
  readonly baseUrl: string;
  readonly provider: PaymentProvider;
  /** A COMPLETE payment. */
  readonly idKey: string | undefined;
  close(): Promise<void>;
}

async function simulatorSide(): Promise<Side> {
  const { stepPay, control, url, close }: Simulated = await simulate();
  const payment = { partnerOrderId: newOrder(), partnerUserId: 'customer-1', amount: 9_900 };
  const { idKey } = await control.pay(payment);
  return { name: 'simulator', baseUrl: url, provider: stepPay, idKey, close };
}

async function realSide(baseUrl: string, secretToken: string): Promise<Side> {
  const provider = createStepPay({ baseUrl, secretToken });
  const idKey = process.env.STEPPAY_CONTRACT_ID_KEY;
  return { name: 'StepPay', baseUrl, provider, idKey, close: async () => undefined };
}

const { STEPPAY_CONTRACT_BASE_URL: realUrl, STEPPAY_CONTRACT_SECRET_TOKEN: realToken } = process.env;
const sides: [string, () => Promise<Side>][] = [['the simulator', simulatorSide]];
if (realUrl && realToken) sides.push(['StepPay', () => realSide(realUrl, realToken)]);

const NOBODYS = '1700000000000AAAAAAAAAAAAAAAA';

describe.each(sides)('%s', (_name, open) => {
  let side: Side;
  beforeAll(async () => {
    side = await open();
  });
  afterAll(() => side.close());

  test('has no receipt of a payment that does not exist', async () => {
    expect((await side.provider.receipt(NOBODYS)).kind).not.toBe('receipt');
  });

  test('charges nothing with a billing key that does not exist', async () => {
    const outcome = await side.provider.charge(chargeOf(NOBODYS, newOrder(), 100));
    expect(['declined', 'unanswered']).toContain(outcome.kind);
  });

  test('refunds nothing of a payment that does not exist', async () => {
    const outcome = await side.provider.refund({ idKey: NOBODYS, amount: won(100) });
    expect(['failed', 'unanswered']).toContain(outcome.kind);
  });

  test('shows nothing to a stranger', async () => {
    const stranger = createStepPay({ baseUrl: side.baseUrl, secretToken: 'not-the-secret' });
    expect((await stranger.receipt(side.idKey ?? NOBODYS)).kind).not.toBe('receipt');
    const outcome = await stranger.charge(chargeOf(NOBODYS, newOrder(), 100));
    expect(['declined', 'unanswered']).toContain(outcome.kind);
  });

  test('has a receipt with all that acceptance needs', async () => {
    if (!side.idKey) return;
    const receipt = await side.provider.receipt(side.idKey);
    expect(receipt).toMatchObject({
      kind: 'receipt',
      idKey: side.idKey,
      paid: { paidAt: expect.any(String) },
    });
    if (receipt.kind !== 'receipt') return;
    expect(RECEIPT_STATUSES).toContain(receipt.status);
    expect(receipt.order).not.toBe('');
    expect(receipt.partnerUserId).not.toBe('');
    expect(Number.isSafeInteger(receipt.total)).toBe(true);
  });
});

test.each([
  [{ baseUrl: 'steppay' }, /baseUrl/],
  [{ baseUrl: 'ftp://x.example' }, /baseUrl/],
  [{ secretToken: '' }, /secretToken/],
  [{ secretToken: 'hush hush' }, /secretToken/],
  [{ timeoutMs: 0 }, /timeoutMs/],
  [{ connectTimeoutMs: 1.5 }, /connectTimeoutMs/],
  [{ declineTable: { nonsense: 1 } }, /decline table/],
])('an option that cannot be used is named and not shown: %j', (options, named) => {
  const create = () => createStepPay({ baseUrl: 'https://api.example', secretToken: 's', ...options });
  expect(create).toThrow(TypeError);
  expect(create).toThrow(named);
  expect(create).not.toThrow(/hush/);
});

test('a path before /api is kept', async () => {
  const { stepPay, url, close } = await simulate();
  const behindProxy = createStepPay({ baseUrl: `${url}/proxy`, secretToken: 's' });
  expect(await behindProxy.receipt(NOBODYS)).toEqual({ kind: 'notFound' });
  expect((await stepPay.receipt('../../etc')).kind).toBe('notFound');
  await close();
});

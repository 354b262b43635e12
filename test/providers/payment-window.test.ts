import { existsSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { newOrder, type Simulated, simulate } from './steppay-simulated';

/** The SDK's stand-in in a real browser, on a merchant's page of another origin with a strict content security policy. */

const executablePath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path));
const inBrowser = executablePath ? describe : describe.skip;

let simulated: Simulated;
let merchant: http.Server;
let merchantUrl: string;
let browser: Browser;
let page: Page;

/** The merchant's page: the SDK, and its answer written into the page. */
const PAGE = `<!doctype html><html><head><meta name="viewport" content="width=device-width"><script src="SDK"></script></head><body><p id="answer"></p>
<script nonce="n">
function pay(changes) {
  var options = Object.assign({ paymentKey: 'pk', paymentGateway: 'NICE', paymentMethod: 'CARD_BILL',
    partner: { partnerOrderId: changes.order, partnerUserId: 'customer-1' },
    product: { itemName: '월간 <b>구독</b>', amount: 9900, quantity: 1, currency: 'KRW' },
    customer: { userName: '김하늘', phone: '01012345678', email: 'sky@example.com' } }, changes.options);
  var say = function (kind) { return function (value) {
    document.getElementById('answer').textContent = JSON.stringify({ kind: kind, value: value }); }; };
  Steppay.requestPay(options).success(say('success')).error(say('error')).cancel(say('cancel'));
}
</script></body></html>`;

inBrowser('the payment window', () => {
  beforeAll(async () => {
    simulated = await simulate();
    merchant = http.createServer((_request, response) => {
      const policy = `default-src 'none'; script-src ${simulated.url} 'nonce-n'; frame-src ${simulated.url}; style-src-attr 'unsafe-inline'`;
      response.setHeader('content-security-policy', policy);
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(PAGE.replace('SDK', `${simulated.url}/js/steppay-0.7.1.js`));
    });
    await new Promise<void>((resolve) => merchant.listen(0, '127.0.0.1', resolve));
    // Another name is another origin and another site.
    merchantUrl = `http://localhost:${(merchant.address() as AddressInfo).port}/`;
    browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    merchant?.close();
    await simulated?.close();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 360, height: 640 } });
    await page.goto(merchantUrl);
  });
  afterEach(() => page.close());

  const begin = async (order: string, options: object = {}): Promise<void> => {
    await page.evaluate(`pay(${JSON.stringify({ order, options })})`);
  };
  const frame = () => page.frameLocator('#_STEP_window iframe');
  const answer = async (): Promise<{ kind: string; value: { idKey?: string } | string }> => {
    const said = (await page.locator('#answer:not(:empty)').textContent()) ?? '';
    expect(await page.locator('#_STEP_window').count()).toBe(0);
    return JSON.parse(said);
  };

  test('pays with a chosen card, at phone width, and gives the idKey', async () => {
    const order = newOrder();
    await begin(order);
    await expect(frame().getByTestId('amount').textContent()).resolves.toBeDefined();
    await frame().getByTestId('card').selectOption('declines two renewals');
    await frame().getByTestId('pay').click();
    const { kind, value } = await answer();
    expect(kind).toBe('success');
    const [payment] = await simulated.control.payments(order);
    expect(payment).toMatchObject({
      status: 'COMPLETE',
      amount: 9_900,
      card: 'declines two renewals',
      method: 'CARD_BILL',
    });
    expect(value).toEqual({ idKey: payment?.idKey });
  });

  test('shows what is paid for as text, and fits a phone', async () => {
    await begin(newOrder());
    await frame().getByText('9,900원').waitFor();
    expect(await frame().locator('#item').textContent()).toBe('월간 <b>구독</b>');
    const overflow = await frame()
      .locator('body')
      .evaluate((body) => body.scrollWidth - body.ownerDocument.documentElement.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await expect(frame().getByTestId('close').isVisible()).resolves.toBe(true);
  });

  test('declines: error with a reason in words', async () => {
    const order = newOrder();
    await begin(order);
    await frame().getByRole('button', { name: 'Decline' }).click();
    expect(await answer()).toEqual({ kind: 'error', value: '승인 거절' });
    expect(await simulated.control.payments(order)).toMatchObject([{ status: 'FAILED' }]);
  });

  test('closed: cancel', async () => {
    const order = newOrder();
    await begin(order);
    await frame().getByText('9,900원').waitFor();
    await frame().getByRole('button', { name: 'Close' }).click();
    expect((await answer()).kind).toBe('cancel');
    expect(await simulated.control.payments(order)).toMatchObject([{ status: 'USER_CANCELED' }]);
  });

  test('a wrong payment key and a missing field are errors', async () => {
    await begin(newOrder(), { paymentKey: 'wrong' });
    expect(await answer()).toMatchObject({ kind: 'error', value: expect.stringContaining('paymentKey') });
    await page.reload();
    await begin(newOrder(), { customer: { userName: '김하늘' } });
    expect(await answer()).toEqual({ kind: 'error', value: 'required: customer.phone, customer.email' });
  });
});

import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { SubscriptionView } from '#domain/view';
import { dayIn } from '#pages/format';
import { WORDS } from '#pages/words';
import { Customer, theProduct } from '../support/story';
import { inBrowser, PHONE, says, showsState, startBrowser, tabAt, theWindow } from './browser';

/** The checkout page in a real browser, on the running product and the simulator's payment window. */

const ko = WORDS.ko;

let browser: Browser;
let context: BrowserContext;
let customer: Customer;
/** What the browser complained about: a broken script, a refused source. */
let complaints: string[];

interface Opening {
  readonly planId?: string;
  readonly locale?: 'ko' | 'en';
  readonly successUrl?: string;
}

/** A new customer's checkout, shown in a tab. */
async function opens({ planId = 'plan_monthly', locale = 'ko', successUrl }: Opening = {}): Promise<Page> {
  const { status, body } = await customer.merchant<{
    subscriptionId: string;
    customerId: string;
    url: string;
  }>('POST', '/v1/checkouts', { planId, customer: { ...customer.details, locale }, successUrl });
  expect(status).toBe(201);
  Object.assign(customer, {
    id: body.customerId,
    subscriptionId: body.subscriptionId,
    checkoutUrl: body.url,
  });
  return tab();
}

const tab = () => tabAt(context, customer.checkoutUrl, complaints);

async function pays(page: Page): Promise<void> {
  await page.click('#pay');
  await theWindow(page).getByTestId('pay').click();
}

inBrowser('the checkout page', () => {
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    complaints = [];
    customer = new Customer(theProduct());
    context = await browser.newContext(PHONE);
  });
  afterEach(() => context.close());

  test('pays: the subscription starts, one charge is made, the customer goes on to the shop', async () => {
    const page = await opens({ successUrl: `${theProduct().url}/?cart=7` });
    const promised = await page.locator('dd').nth(1).innerText();
    await pays(page);
    await showsState(page, 'paid');
    await page.waitForURL(`**/?cart=7&subscriptionId=${customer.subscriptionId}`);
    const { status, currentPeriod } = await customer.state();
    expect(status).toBe('active');
    expect(promised).toContain(dayIn('ko', Date.parse(currentPeriod?.end ?? ''), 'Asia/Seoul'));
    expect(await customer.money()).toEqual(['charged 9900']);
    expect(complaints).toEqual([]);
  });

  test('a trial: nothing is charged, and the first charge comes on the day that was promised', async () => {
    const page = await opens({ planId: 'plan_trial', locale: 'en' });
    expect(await page.innerText('#pay')).toBe(WORDS.en.register);
    const promised = await page.locator('dd').nth(1).innerText();
    await pays(page);
    await showsState(page, 'paid');
    expect(await page.innerText('[data-for=paid]')).toContain(WORDS.en.trialText);
    const view = await customer.state();
    expect(view.status).toBe('trialing');
    expect(promised).toContain(dayIn('en', Date.parse(view.currentPeriod?.end ?? ''), 'Asia/Seoul'));
    expect(await customer.money()).toEqual(['registered 0']);
  });

  test('closed, declined, then paid: each says what happened, and one charge is made', async () => {
    const page = await opens();
    await page.click('#pay');
    await theWindow(page).getByTestId('close').click();
    await says(page, ko.cancelled);
    await page.click('#pay');
    await theWindow(page).getByTestId('decline').click();
    await says(page, ko.declined);
    expect((await customer.state()).status).toBe('incomplete');
    await pays(page);
    await showsState(page, 'paid');
    expect((await customer.money()).filter((line) => line.startsWith('charged'))).toEqual(['charged 9900']);
    expect(complaints).toEqual([]);
  });

  test('an impatient customer gets one window, whatever is pressed how often', async () => {
    const page = await opens();
    let windows = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/window') && request.method() === 'POST') windows += 1;
    });
    await page.evaluate(() => {
      for (let i = 0; i < 5; i += 1) document.getElementById('pay')?.click();
    });
    await theWindow(page).getByTestId('pay').click();
    await showsState(page, 'paid');
    expect(windows).toBe(1);
    expect(await customer.money()).toEqual(['charged 9900']);
  });

  test('paid in another tab: this one notices, and its button was not needed', async () => {
    const [first, second] = [await opens(), await tab()];
    await pays(second);
    await showsState(second, 'paid');
    await first.evaluate(() => window.dispatchEvent(new Event('focus')));
    await showsState(first, 'paid');
    expect(await customer.money()).toEqual(['charged 9900']);
  });

  test('windows open in two tabs, both paid: the second payment goes back', async () => {
    const [first, second] = [await opens(), await tab()];
    await first.click('#pay');
    await theWindow(first).getByTestId('pay').waitFor();
    await second.click('#pay');
    await theWindow(second).getByTestId('pay').waitFor();
    await theWindow(first).getByTestId('pay').click();
    await showsState(first, 'paid');
    await theWindow(second).getByTestId('pay').click();
    await showsState(second, 'paid');
    await customer.becomes((s) => s.refunds[0]?.status === 'done');
    expect(await customer.money()).toEqual(['charged 9900', 'charged 9900', 'refunded 9900']);
  });

  test('a browser that dies after paying: the page is found paid', async () => {
    const page = await opens();
    await page.route('**/confirm', (route) => route.abort());
    await pays(page);
    await page.close();
    await customer.becomes((s) => s.status === 'active');
    await showsState(await tab(), 'paid');
  });

  test('a report that does not get through is sent again, over a reload too', async () => {
    const page = await opens();
    await customer.providerWill({ on: 'webhook', kind: 'never' });
    let refused = 0;
    await page.route('**/confirm', (route) => {
      refused += 1;
      return refused <= 2 ? route.abort() : route.continue();
    });
    await pays(page);
    await showsState(page, 'checking');
    await page.reload();
    await showsState(page, 'paid');
    expect(refused).toBeGreaterThan(1);
    expect(await customer.money()).toEqual(['charged 9900']);
  });

  test('while the provider cannot be asked the page says that it is looked into, and follows', async () => {
    const page = await opens();
    await customer.providerWill({ on: 'receipt', kind: 'httpError', times: 2 });
    await pays(page);
    await showsState(page, 'checking');
    await page.reload();
    await showsState(page, 'checking');
    await customer.lives('PT1H');
    await showsState(page, 'paid');
  });

  test('the language can be switched at any time', async () => {
    const page = await opens();
    expect(await page.getAttribute('html', 'lang')).toBe('ko');
    await page.click('footer a');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await pays(page);
    await showsState(page, 'paid');
    expect(await page.innerText('h1:visible')).toBe(WORDS.en.paidTitle);
  });

  test('paid, ended, expired and unknown each have a page of their own', async () => {
    const page = await opens();
    await pays(page);
    await showsState(page, 'paid');
    const status = async () => (await page.goto(customer.checkoutUrl))?.status();
    expect(await status()).toBe(200);
    expect(await page.innerText('h1:visible')).toBe(ko.paidTitle);
    await customer.asks('cancel', { when: 'now' });
    expect(await status()).toBe(410);
    expect(await page.innerText('h1')).toBe(ko.endedTitle);

    const expired = await opens();
    await customer.lives('PT50001H');
    expect((await expired.goto(customer.checkoutUrl))?.status()).toBe(410);
    expect(await expired.innerText('h1')).toBe(ko.expiredTitle);
    expect((await expired.goto(`${customer.checkoutUrl}x?lang=ko`))?.status()).toBe(404);
    expect(await expired.innerText('h1')).toBe(ko.unknownTitle);
  });

  test('a checkout that ends while its page is open: the button finds out', async () => {
    const page = await opens();
    await customer.asks('cancel', { when: 'now' });
    await page.click('#pay');
    await page.waitForSelector(`h1:text-is("${ko.expiredTitle}")`);
  });

  test('the demo can be clicked through: checkout, payment, a month', async () => {
    const page = await context.newPage();
    await page.goto(theProduct().url);
    await page.selectOption('select[name=planId]', 'plan_monthly');
    await page.click('text=Open the checkout');
    await pays(page);
    await page.waitForURL('**/?subscriptionId=sub_*');
    await page.click('text=Let a month pass');
    await page.waitForFunction(() => document.body.innerText.match(/9,900 KRW/g)?.length === 3);
    const id = new URL(page.url()).searchParams.get('subscriptionId');
    const { body } = await customer.merchant<SubscriptionView>('GET', `/v1/subscriptions/${id}`);
    expect(body).toMatchObject({ status: 'active', currentPeriod: { index: 1 } });
  });
});

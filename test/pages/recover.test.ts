import type { Browser, BrowserContext, Page } from 'playwright-core';
import { dayIn, shortDayIn, timeIn } from '#pages/format';
import { WORDS } from '#pages/words';
import { RECOVER_WORDS } from '#pages/words-recover';
import { Customer, theProduct } from '../support/story';
import { inBrowser, PHONE, says, showsState, startBrowser, tabAt, theWindow } from './browser';

/**
 * The page of a customer's link in a real browser, on the running product and the simulator's payment window. Paid on 10 January
 * 2028, due on 10 February at nine, Seoul.
 */

const ZONE = 'Asia/Seoul';
const ko = RECOVER_WORDS.ko;
const en = RECOVER_WORDS.en;
const NEXT = dayIn('ko', Date.parse('2028-03-10T00:00:00Z'), ZONE);

let browser: Browser;
let context: BrowserContext;
let customer: Customer;
let complaints: string[];

/** A new link to the customer's subscription, shown in a tab. */
async function opens(query = ''): Promise<Page> {
  const { status, body } = await customer.asks<{ url: string }>('recovery-link');
  expect(status).toBe(201);
  return tabAt(context, body.url + query, complaints);
}

async function failsToRenew(card: string): Promise<void> {
  await customer.subscribes('plan_monthly', { on: '2028-01-10', card });
  await customer.livesTo('2028-02-10');
}

const titled = (page: Page, title: string) => page.waitForSelector(`h1:visible:text-is("${title}")`);
const payNow = '[data-act=retry]';
const another = '[data-act=window]';
const charges = async () => (await customer.money()).filter((line) => line.startsWith('charged')).length;

inBrowser('the page of a customer’s link', () => {
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    complaints = [];
    customer = new Customer(theProduct());
    context = await browser.newContext({ ...PHONE, locale: 'ko-KR' });
  });
  afterEach(() => context.close());

  test('pay now: the same method is charged once, and the subscription goes on as it was', async () => {
    await failsToRenew('declines one renewal');
    const page = await opens();
    expect(await page.innerText('h1:visible')).toBe(ko.owedTitle);
    await page.focus(payNow);
    await page.keyboard.press('Enter');
    await titled(page, ko.paidTitle);
    expect(await page.innerText('dl:visible')).toContain(NEXT);
    expect(await customer.state()).toMatchObject({ status: 'active', recovery: null });
    expect(await customer.money()).toEqual(['charged 9900', 'declined 9900', 'charged 9900']);
    // Said once: the page that is loaded again only says that nothing is owed.
    await page.reload();
    await titled(page, ko.liveTitle);
    expect(complaints).toEqual([]);
  });

  test('pay now declined: said kindly, the schedule stays, and the next press pays', async () => {
    await failsToRenew('declines two renewals');
    const page = await opens('?lang=en');
    await page.click(payNow);
    await page.waitForSelector(`text=${en.said.declined}`);
    const planned = shortDayIn('en', Date.parse('2028-02-11T00:00:00Z'), ZONE);
    expect(await page.innerText('dl:visible')).toContain(planned);
    expect(await page.innerText('body')).not.toContain('3081');
    await page.click(payNow);
    await titled(page, en.paidTitle);
    expect(await charges()).toBe(2);
    expect(complaints).toEqual([]);
  });

  test('an impatient customer is charged once, whatever is pressed how often', async () => {
    await failsToRenew('declines one renewal');
    const page = await opens();
    await page.evaluate(() => {
      for (let i = 0; i < 5; i += 1) for (const button of document.querySelectorAll('button')) button.click();
    });
    await titled(page, ko.paidTitle);
    expect(await charges()).toBe(2);
  });

  test('a try in flight: every tab says that it is looked into, and follows it', async () => {
    await failsToRenew('declines one renewal');
    const [first, early] = [await opens(), await opens()];
    await customer.providerWill({ on: 'charge', kind: 'hold' });
    await first.click(payNow);
    await customer.isHeld('charge');
    // This one was shown before: pressed now, it joins.
    await early.click(payNow);
    const late = await opens();
    await showsState(late, 'checking');
    await customer.providerLetsGo();
    for (const page of [first, early, late]) await titled(page, ko.paidTitle);
    expect(await charges()).toBe(2);
  });

  test('a new method pays in full and is charged from then on', async () => {
    await failsToRenew('is stolen');
    const page = await opens();
    expect(await page.isVisible(payNow)).toBe(false);
    await page.click(another);
    await theWindow(page).getByTestId('pay').click();
    await titled(page, ko.paidTitle);
    expect(await page.innerText('#method')).toContain('0001');
    expect(await customer.money()).toEqual(['charged 9900', 'declined 9900', 'charged 9900']);
    const later = await customer.livesTo('2028-03-11');
    expect(later).toMatchObject({ status: 'active', currentPeriod: { index: 2 } });
    expect(await charges()).toBe(3);
    expect(complaints).toEqual([]);
  });

  test('an account instead: looked into for days, then paid, and debited from then on', async () => {
    await customer.subscribes('plan_deposit', { on: '2028-01-10', card: 'is stolen' });
    await customer.livesTo('2028-02-10');
    const page = await opens();
    await page.check('input[value=account]');
    await page.click(another);
    await theWindow(page).getByTestId('pay').click();
    await page.waitForSelector(`text=${ko.pendingText}`);
    expect((await customer.state()).recovery).toMatchObject({ underWay: true });
    await customer.livesTo('2028-02-18');
    await titled(page, ko.paidTitle);
    expect(await customer.state()).toMatchObject({ status: 'active', method: { debit: true } });
    expect(complaints).toEqual([]);
  });

  test('closed, declined: each is said, and nothing is paid', async () => {
    await failsToRenew('declines every renewal');
    const page = await opens();
    await page.click(another);
    await theWindow(page).getByTestId('close').click();
    await says(page, ko.cancelled);
    await page.click(another);
    await theWindow(page).getByTestId('decline').click();
    await says(page, ko.windowDeclined);
    expect((await customer.state()).status).toBe('past_due');
    expect(await charges()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test('a window that is open in another tab is said to be; both paid, one goes back', async () => {
    await failsToRenew('declines every renewal');
    const [first, second] = [await opens(), await opens()];
    await first.click(another);
    await theWindow(first).getByTestId('pay').waitFor();
    await second.click(another);
    await says(second, ko.refusals.window_open);
    await second.click(another);
    await theWindow(second).getByTestId('pay').waitFor();
    // Or it would see that it is paid, and take its window away.
    await second.route('**/status', (route) => route.abort());
    await theWindow(first).getByTestId('pay').click();
    await titled(first, ko.paidTitle);
    await theWindow(second).getByTestId('pay').click();
    await titled(second, ko.paidTitle);
    await customer.becomes((s) => s.refunds[0]?.status === 'done');
    expect((await customer.money()).slice(2)).toEqual(['charged 9900', 'charged 9900', 'refunded 9900']);
  });

  test('a report that does not get through is sent again, over a reload too', async () => {
    await failsToRenew('declines every renewal');
    const page = await opens();
    await customer.providerWill({ on: 'webhook', kind: 'never' });
    let reports = 0;
    await page.route('**/confirm', (route) => {
      reports += 1;
      return reports <= 2 ? route.abort() : route.continue();
    });
    await page.click(another);
    await theWindow(page).getByTestId('pay').click();
    await showsState(page, 'checking');
    await page.reload();
    await titled(page, ko.paidTitle);
    expect(reports).toBeGreaterThan(1);
    expect(await charges()).toBe(2);
  });

  test('another day: chosen within its bounds, said, and kept to', async () => {
    await failsToRenew('declines one renewal');
    const page = await opens();
    expect(await page.getAttribute('#day', 'max')).toBe('2028-03-09');
    await page.fill('#day', '2028-03-10');
    await page.click('#move button');
    // The browser itself does not send what is out of bounds.
    expect(await page.evaluate(() => document.querySelector<HTMLInputElement>('#day:invalid')?.value)).toBe(
      '2028-03-10',
    );
    await page.fill('#day', '2028-02-15');
    await page.press('#day', 'Enter');
    await page.waitForSelector(`text=${ko.said.moved}`);
    const day = timeIn('ko', Date.parse('2028-02-15T00:00:00Z'), ZONE);
    expect(await page.innerText('dl:visible')).toContain(day);
    expect((await customer.state()).recovery).toMatchObject({ move: { left: 2 } });
    await customer.livesTo('2028-02-15');
    expect((await customer.state()).status).toBe('active');
    expect(complaints).toEqual([]);
  });

  test('nothing owed: another method is registered, nothing is charged, and it is the one that renews', async () => {
    await customer.subscribes('plan_monthly', { on: '2028-01-10', card: 'is stolen' });
    const page = await opens();
    await titled(page, ko.liveTitle);
    expect(await page.innerText('#method')).toContain('0004');
    await page.click(another);
    await theWindow(page).getByTestId('close').click();
    await says(page, ko.cancelled);
    await page.click(another);
    await theWindow(page).getByTestId('pay').click();
    await titled(page, ko.changedTitle);
    expect(await page.innerText('#method')).toContain('0001');
    expect(await customer.money()).toEqual(['charged 9900', 'registered 0']);
    expect(await customer.livesTo('2028-02-11')).toMatchObject({
      status: 'active',
      currentPeriod: { index: 1 },
    });
    expect(complaints).toEqual([]);
  });

  test('a page of before a payment failed does nothing to what has come since', async () => {
    await customer.subscribes('plan_monthly', { on: '2028-01-10', card: 'declines every renewal' });
    const page = await opens();
    await customer.livesTo('2028-02-10');
    await page.click(another);
    await titled(page, ko.owedTitle);
    expect(await charges()).toBe(1);
  });

  test('ended and expired: nothing can be paid any more', async () => {
    await failsToRenew('declines every renewal');
    const page = await opens('?lang=en');
    const { body: other } = await customer.asks<{ url: string }>('recovery-link');
    await customer.asks('cancel', { when: 'now' });
    await page.click(payNow);
    await titled(page, WORDS.en.overTitle);
    await customer.lives('P41D');
    expect((await page.goto(other.url))?.status()).toBe(410);
    expect(await page.innerText('h1')).toBe(WORDS.ko.staleTitle);
  });

  test('the language can be switched; without JavaScript a sentence says what is missing', async () => {
    await failsToRenew('declines every renewal');
    const page = await opens();
    await page.click('footer a');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await titled(page, en.owedTitle);
    const plain = await browser.newContext({ ...PHONE, javaScriptEnabled: false });
    const still = await plain.newPage();
    await still.goto(page.url());
    expect(await still.innerText('main')).toContain(WORDS.en.noScript);
    expect(await still.isVisible('button')).toBe(false);
    await plain.close();
  });
});

import { dayIn, shortDayIn, timeIn } from '#pages/format';
import { WORDS } from '#pages/words';
import { RECOVER_WORDS } from '#pages/words-recover';
import { inBrowser, showsState } from './browser';
import { PAY_NOW, Recovering, titled } from './recovering';

/** The page of a customer's link in a real browser, on the running product: pay now, or on another day. */

const ZONE = 'Asia/Seoul';
const ko = RECOVER_WORDS.ko;
const en = RECOVER_WORDS.en;
const NEXT = dayIn('ko', Date.parse('2028-03-10T00:00:00Z'), ZONE);

inBrowser('a renewal that failed', () => {
  const at = Recovering.ofEachTest();

  test('pay now: the same method is charged once, and the subscription goes on as it was', async () => {
    await at.failsToRenew('declines one renewal');
    const page = await at.opens();
    expect(await page.innerText('h1:visible')).toBe(ko.owedTitle);
    await page.focus(PAY_NOW);
    await page.keyboard.press('Enter');
    await titled(page, ko.paidTitle);
    expect(await page.innerText('dl:visible')).toContain(NEXT);
    expect(await at.customer.state()).toMatchObject({ status: 'active', recovery: null });
    expect(await at.customer.money()).toEqual(['charged 9900', 'declined 9900', 'charged 9900']);
    // Said once: the page that is loaded again only says that nothing is owed.
    await page.reload();
    await titled(page, ko.liveTitle);
    expect(at.complaints).toEqual([]);
  });

  test('pay now declined: said kindly, the schedule stays, and the next press pays', async () => {
    await at.failsToRenew('declines two renewals');
    const page = await at.opens('?lang=en');
    await page.click(PAY_NOW);
    await page.waitForSelector(`text=${en.said.declined}`);
    const planned = shortDayIn('en', Date.parse('2028-02-11T00:00:00Z'), ZONE);
    expect(await page.innerText('dl:visible')).toContain(planned);
    expect(await page.innerText('body')).not.toContain('3081');
    await page.click(PAY_NOW);
    await titled(page, en.paidTitle);
    expect(await at.charges()).toBe(2);
    expect(at.complaints).toEqual([]);
  });

  test('an impatient customer is charged once, whatever is pressed how often', async () => {
    await at.failsToRenew('declines one renewal');
    const page = await at.opens();
    await page.evaluate(() => {
      for (let i = 0; i < 5; i += 1) for (const button of document.querySelectorAll('button')) button.click();
    });
    await titled(page, ko.paidTitle);
    expect(await at.charges()).toBe(2);
  });

  test('a try in flight: every tab says that it is looked into, and follows it', async () => {
    await at.failsToRenew('declines one renewal');
    const [first, early] = [await at.opens(), await at.opens()];
    await at.customer.providerWill({ on: 'charge', kind: 'hold' });
    await first.click(PAY_NOW);
    await at.customer.isHeld('charge');
    // This one was shown before: pressed now, it joins.
    await early.click(PAY_NOW);
    const late = await at.opens();
    await showsState(late, 'checking');
    await at.customer.providerLetsGo();
    for (const page of [first, early, late]) await titled(page, ko.paidTitle);
    expect(await at.charges()).toBe(2);
  });

  test('another day: chosen within its bounds, said, and kept to', async () => {
    await at.failsToRenew('declines one renewal');
    const page = await at.opens();
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
    expect((await at.customer.state()).recovery).toMatchObject({ move: { left: 2 } });
    await at.customer.livesTo('2028-02-15');
    expect((await at.customer.state()).status).toBe('active');
    expect(at.complaints).toEqual([]);
  });

  test('ended and expired: nothing can be paid any more', async () => {
    await at.failsToRenew('declines every renewal');
    const page = await at.opens('?lang=en');
    const { body: other } = await at.customer.asks<{ url: string }>('recovery-link');
    await at.customer.asks('cancel', { when: 'now' });
    await page.click(PAY_NOW);
    await titled(page, WORDS.en.overTitle);
    await at.customer.lives('P41D');
    expect((await page.goto(other.url))?.status()).toBe(410);
    expect(await page.innerText('h1')).toBe(WORDS.ko.staleTitle);
  });

  test('the language can be switched; without JavaScript a sentence says what is missing', async () => {
    await at.failsToRenew('declines every renewal');
    const page = await at.opens();
    await page.click('footer a');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await titled(page, en.owedTitle);
    const plain = await at.newContext({ javaScriptEnabled: false });
    const still = await plain.newPage();
    await still.goto(page.url());
    expect(await still.innerText('main')).toContain(WORDS.en.noScript);
    expect(await still.isVisible('button')).toBe(false);
    await plain.close();
  });
});

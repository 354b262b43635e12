import { RECOVER_WORDS } from '#pages/words-recover';
import { inBrowser, says, showsState, theWindow } from './browser';
import { ANOTHER, PAY_NOW, Recovering, titled } from './recovering';

/** The page of a customer's link in a real browser, on the simulator's payment window: another payment method. */

const ko = RECOVER_WORDS.ko;

inBrowser('another payment method', () => {
  const at = Recovering.ofEachTest();

  test('a new method pays in full and is charged from then on', async () => {
    await at.failsToRenew('is stolen');
    const page = await at.opens();
    expect(await page.isVisible(PAY_NOW)).toBe(false);
    await page.click(ANOTHER);
    await theWindow(page).getByTestId('pay').click();
    await titled(page, ko.paidTitle);
    expect(await page.innerText('#method')).toContain('0001');
    expect(await at.customer.money()).toEqual(['charged 9900', 'declined 9900', 'charged 9900']);
    const later = await at.customer.livesTo('2028-03-11');
    expect(later).toMatchObject({ status: 'active', currentPeriod: { index: 2 } });
    expect(await at.charges()).toBe(3);
    expect(at.complaints).toEqual([]);
  });

  test('an account instead: looked into for days, then paid, and debited from then on', async () => {
    await at.failsToRenew('is stolen', 'plan_deposit');
    const page = await at.opens();
    await page.check('input[value=account]');
    await page.click(ANOTHER);
    await theWindow(page).getByTestId('pay').click();
    await page.waitForSelector(`text=${ko.pendingText}`);
    expect((await at.customer.state()).recovery).toMatchObject({ underWay: true });
    await at.customer.livesTo('2028-02-18');
    await titled(page, ko.paidTitle);
    expect(await at.customer.state()).toMatchObject({ status: 'active', method: { debit: true } });
    expect(at.complaints).toEqual([]);
  });

  test('closed, declined: each is said, and nothing is paid', async () => {
    await at.failsToRenew('declines every renewal');
    const page = await at.opens();
    await page.click(ANOTHER);
    await theWindow(page).getByTestId('close').click();
    await says(page, ko.cancelled);
    await page.click(ANOTHER);
    await theWindow(page).getByTestId('decline').click();
    await says(page, ko.windowDeclined);
    expect((await at.customer.state()).status).toBe('past_due');
    expect(await at.charges()).toBe(1);
    expect(at.complaints).toEqual([]);
  });

  test('a window that is open in another tab is said to be; both paid, one goes back', async () => {
    await at.failsToRenew('declines every renewal');
    const [first, second] = [await at.opens(), await at.opens()];
    await first.click(ANOTHER);
    await theWindow(first).getByTestId('pay').waitFor();
    await second.click(ANOTHER);
    await says(second, ko.refusals.window_open);
    await second.click(ANOTHER);
    await theWindow(second).getByTestId('pay').waitFor();
    // Or it would see that it is paid, and take its window away.
    await second.route('**/status', (route) => route.abort());
    await theWindow(first).getByTestId('pay').click();
    await titled(first, ko.paidTitle);
    await theWindow(second).getByTestId('pay').click();
    await titled(second, ko.paidTitle);
    await at.customer.becomes((s) => s.refunds[0]?.status === 'done');
    expect((await at.customer.money()).slice(2)).toEqual(['charged 9900', 'charged 9900', 'refunded 9900']);
  });

  test('a report that does not get through is sent again, over a reload too', async () => {
    await at.failsToRenew('declines every renewal');
    const page = await at.opens();
    await at.customer.providerWill({ on: 'webhook', kind: 'never' });
    let reports = 0;
    await page.route('**/confirm', (route) => {
      reports += 1;
      return reports <= 2 ? route.abort() : route.continue();
    });
    await page.click(ANOTHER);
    await theWindow(page).getByTestId('pay').click();
    await showsState(page, 'checking');
    await page.reload();
    await titled(page, ko.paidTitle);
    expect(reports).toBeGreaterThan(1);
    expect(await at.charges()).toBe(2);
  });

  test('nothing owed: another method is registered, nothing is charged, and it is the one that renews', async () => {
    await at.customer.subscribes('plan_monthly', { on: '2028-01-10', card: 'is stolen' });
    const page = await at.opens();
    await titled(page, ko.liveTitle);
    expect(await page.innerText('#method')).toContain('0004');
    await page.click(ANOTHER);
    await theWindow(page).getByTestId('close').click();
    await says(page, ko.cancelled);
    await page.click(ANOTHER);
    await theWindow(page).getByTestId('pay').click();
    await titled(page, ko.changedTitle);
    expect(await page.innerText('#method')).toContain('0001');
    expect(await at.customer.money()).toEqual(['charged 9900', 'registered 0']);
    expect(await at.customer.livesTo('2028-02-11')).toMatchObject({
      status: 'active',
      currentPeriod: { index: 1 },
    });
    expect(at.complaints).toEqual([]);
  });

  test('a page of before a payment failed does nothing to what has come since', async () => {
    await at.customer.subscribes('plan_monthly', { on: '2028-01-10', card: 'declines every renewal' });
    const page = await at.opens();
    await at.customer.livesTo('2028-02-10');
    await page.click(ANOTHER);
    await titled(page, ko.owedTitle);
    expect(await at.charges()).toBe(1);
  });
});

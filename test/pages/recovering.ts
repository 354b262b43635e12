import type { Browser, BrowserContext, Page } from 'playwright-core';
import { Customer, theProduct } from '../support/story';
import { PHONE, startBrowser, tabAt } from './browser';

/** A customer of the running product, and the page of a link in a real browser. */
export class Recovering {
  private browser?: Browser;
  private context?: BrowserContext;
  customer = new Customer(theProduct());
  /** What the browser complained about: a broken script, a refused source. */
  complaints: string[] = [];

  /** A browser for the file, a customer and an empty browser for each test. */
  static ofEachTest(): Recovering {
    const at = new Recovering();
    beforeAll(async () => {
      at.browser = await startBrowser();
    });
    afterAll(() => at.browser?.close());
    beforeEach(async () => {
      at.complaints = [];
      at.customer = new Customer(theProduct());
      at.context = await at.newContext();
    });
    afterEach(() => at.context?.close());
    return at;
  }

  async newContext(options: { javaScriptEnabled?: boolean } = {}): Promise<BrowserContext> {
    if (!this.browser) throw new Error('no browser');
    return this.browser.newContext({ ...PHONE, locale: 'ko-KR', ...options });
  }

  /** A new link to the customer's subscription, shown in a tab. */
  async opens(query = ''): Promise<Page> {
    const { status, body } = await this.customer.asks<{ url: string }>('recovery-link');
    expect(status).toBe(201);
    if (!this.context) throw new Error('no browser');
    return tabAt(this.context, body.url + query, this.complaints);
  }

  /** Paid on 10 January 2028, due on 10 February at nine, Seoul, and declined. */
  async failsToRenew(card: string, planId = 'plan_monthly'): Promise<void> {
    await this.customer.subscribes(planId, { on: '2028-01-10', card });
    await this.customer.livesTo('2028-02-10');
  }

  /** How often money was taken, by the provider's own ledger. */
  async charges(): Promise<number> {
    return (await this.customer.money()).filter((line) => line.startsWith('charged')).length;
  }
}

/** Waits until the page has this title. */
export const titled = (page: Page, title: string) => page.waitForSelector(`h1:visible:text-is("${title}")`);

/** The buttons of the page. */
export const PAY_NOW = '[data-act=retry]';
export const ANOTHER = '[data-act=window]';

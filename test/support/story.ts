import { randomUUID } from 'node:crypto';
import { iso, localInstant } from '#domain/calendar';
import type { SubscriptionView } from '#domain/view';
import { type Answer, type Send, sender } from './http';
import { API_KEY } from './product';
import { pollUntil } from './until';

/** The vocabulary of the scenarios: what customers, merchants and the provider do, over HTTP, on the running product. */

const ZONE = 'Asia/Seoul';

export interface Where {
  readonly url: string;
  readonly simulatorUrl: string;
}

export interface LedgerLine {
  readonly what: 'charged' | 'declined' | 'refunded' | 'registered';
  readonly order: string;
  readonly amount: number;
  readonly by: string;
  readonly idKey: string;
}

/** The running product that jest's global setup started. */
export function theProduct(): Where {
  const { TEST_PERENNIAL_URL: url, TEST_SIMULATOR_URL: simulatorUrl } = process.env;
  if (!url || !simulatorUrl) throw new Error('the product is not running: start the tests by npm test');
  return { url, simulatorUrl };
}

export function asMerchant(where: Where, apiKey = API_KEY): Send {
  return sender(where.url, { authorization: `Bearer ${apiKey}` });
}

/** A scenario: its promise as a sentence, told on the running product. */
export function story(
  promise: string,
  tell: (s: { customer: Customer; merchant: Send; simulator: Send; where: Where }) => Promise<void>,
): void {
  test(promise, async () => {
    const where = theProduct();
    await tell({
      customer: new Customer(where),
      merchant: asMerchant(where),
      simulator: sender(where.simulatorUrl),
      where,
    });
  });
}

/** A new customer with at most one subscription. */
export class Customer {
  readonly merchant: Send;
  readonly simulator: Send;
  id = '';
  subscriptionId = '';
  orderId = '';
  checkoutUrl = '';
  amount = 0;
  readonly details = { name: '김민지', email: `${randomUUID()}@example.com`, phone: '01012345678' };

  constructor(where: Where, apiKey = API_KEY) {
    this.merchant = asMerchant(where, apiKey);
    this.simulator = sender(where.simulatorUrl);
  }

  /** Opens a checkout; with a date, the subscription's clock is moved there first (noon, Seoul). */
  async opensCheckout(planId: string, on?: string): Promise<this> {
    const customer = this.id === '' ? { customer: this.details } : { customerId: this.id };
    const { status, body } = await this.merchant<{
      subscriptionId: string;
      customerId: string;
      orderId: string;
      url: string;
      amount: { amount: number };
    }>('POST', '/v1/checkouts', { planId, ...customer });
    if (status !== 201) throw new Error(`the checkout was refused: ${JSON.stringify(body)}`);
    Object.assign(this, {
      id: body.customerId,
      subscriptionId: body.subscriptionId,
      orderId: body.orderId,
      checkoutUrl: body.url,
      amount: body.amount.amount,
    });
    if (on !== undefined) await this.livesTo(on, '12:00');
    return this;
  }

  /** Pays in the provider's window: the webhook tells the engine. Answers the payment's idKey. */
  async paysInWindow(
    options: { card?: string; order?: string; amount?: number; webhook?: boolean; method?: string } = {},
  ): Promise<string> {
    const { order = this.orderId, amount = this.amount, ...rest } = options;
    const paid = await this.simulator<{ idKey: string }>('POST', '/simulator/payments', {
      partnerOrderId: order,
      partnerUserId: this.id,
      amount,
      ...rest,
    });
    if (paid.status !== 201) throw new Error(`the simulator refused: ${JSON.stringify(paid.body)}`);
    return paid.body.idKey;
  }

  /** Opens a checkout, pays, and waits until the subscription has started. */
  async subscribes(planId: string, options: { on?: string; card?: string } = {}): Promise<this> {
    await this.opensCheckout(planId, options.on);
    await this.paysInWindow({ card: options.card });
    await this.becomes((s) => s.status === 'active' || s.status === 'trialing');
    return this;
  }

  /** The subscription's time goes on by an ISO 8601 duration. */
  async lives(by: string): Promise<SubscriptionView> {
    return this.advanced({ by });
  }

  /** The subscription's time goes on to a Seoul date and time of day. */
  async livesTo(date: string, time = '10:00'): Promise<SubscriptionView> {
    return this.advanced({ to: iso(localInstant(date, time, ZONE)) });
  }

  private async advanced(body: { by: string } | { to: string }): Promise<SubscriptionView> {
    const answer = await this.asks('test-clock/advance', body);
    if (answer.status !== 200) throw new Error(`the clock was refused: ${JSON.stringify(answer.body)}`);
    return this.state();
  }

  async state(): Promise<SubscriptionView> {
    return (await this.merchant<SubscriptionView>('GET', `/v1/subscriptions/${this.subscriptionId}`)).body;
  }

  /** An act on the subscription: `POST /v1/subscriptions/:id/<act>`. */
  asks<T = Record<string, unknown>>(
    act: string,
    body: unknown = {},
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    return this.merchant<T>('POST', `/v1/subscriptions/${this.subscriptionId}/${act}`, body, headers);
  }

  refunds(
    paymentId: string,
    body: { amount?: { amount: number; currency: 'KRW' }; reason?: string } = {},
    headers = {},
  ) {
    return this.merchant<{ refundId?: string; code?: string; detail?: string }>(
      'POST',
      `/v1/payments/${paymentId}/refunds`,
      body,
      headers,
    );
  }

  /** Waits for what is on its way (a webhook, a refund). */
  async becomes(holds: (s: SubscriptionView) => boolean): Promise<SubscriptionView> {
    let last = await this.state();
    const isThere = async () => {
      last = await this.state();
      return holds(last);
    };
    await pollUntil(isThere, 30_000, 'the expected state').catch((error: unknown) => {
      throw new Error(`${String(error)}; it is ${JSON.stringify(last, null, 1)}`);
    });
    return last;
  }

  /** The provider's own ledger of this subscription, oldest first: what really happened to the customer's money. */
  async ledger(): Promise<LedgerLine[]> {
    return (
      await this.simulator<LedgerLine[]>('GET', `/simulator/ledger?order=${this.subscriptionId.slice(4)}`)
    ).body;
  }

  /** "charged 9900, refunded 3000" */
  async money(): Promise<string[]> {
    return (await this.ledger()).map((line) => `${line.what} ${line.amount}`);
  }

  /** The next requests of this subscription to the provider go wrong in the given way. */
  async providerWill(fault: { on: string; kind: string } & Record<string, unknown>): Promise<void> {
    const answer = await this.simulator('POST', '/simulator/faults', {
      order: this.subscriptionId.slice(4),
      ...fault,
    });
    if (answer.status !== 201) throw new Error(`the simulator refused: ${JSON.stringify(answer.body)}`);
  }

  /** Waits until the provider holds a request of this subscription back. */
  async isHeld(on: 'charge' | 'refund' | 'receipt'): Promise<void> {
    const held = await this.simulator<unknown[]>(
      'GET',
      `/simulator/held?order=${this.subscriptionId.slice(4)}&on=${on}&waitMs=20000`,
    );
    if (held.body.length === 0) throw new Error(`no ${on} is held`);
  }

  async providerLetsGo(): Promise<void> {
    await this.simulator('POST', '/simulator/release', { order: this.subscriptionId.slice(4) });
  }

  /** How many requests of a kind really reached the provider. */
  async requests(path: RegExp): Promise<number> {
    const { body } = await this.simulator<{ path: string }[]>(
      'GET',
      `/simulator/requests?order=${this.subscriptionId.slice(4)}`,
    );
    return body.filter((request) => path.test(request.path)).length;
  }

  async events(): Promise<{ type: string; sequence: number; code?: string }[]> {
    return (
      await this.merchant<{ data: { type: string; sequence: number; code?: string }[] }>(
        'GET',
        `/v1/subscriptions/${this.subscriptionId}/timeline`,
      )
    ).body.data;
  }
}

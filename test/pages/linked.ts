import { invoiceId } from '#domain/begin';
import type { Plan } from '#domain/plan';
import type { Invoice, Subscription } from '#domain/subscription';
import { recoveryUrl } from '#src/links';
import { LINK_KEYS, MINJI, openCheckout, type Running } from '../api/running';

/** Links to subscriptions on paper, and what is asked by them. */

const DAY = 86_400_000;

export interface Link {
  readonly id: string;
  readonly path: string;
  /** What is owed, where something is. */
  readonly invoiceId: string;
}

export const LABEL = '신한 5409-**-0001';

export class Linked {
  constructor(private readonly on: Running) {}

  /** A link to a subscription that lives and is paid. */
  async living(): Promise<Link> {
    const { body: customer } = await this.on.merchant<{ id: string }>('POST', '/v1/customers', MINJI);
    const { body } = await openCheckout(this.on, 'plan_monthly', customer.id);
    this.on.engine.pays(body.subscriptionId);
    this.change(body.subscriptionId, (s) => ({ method: s.method && { ...s.method, label: LABEL } }));
    return this.linkTo(body.subscriptionId);
  }

  linkTo(id: string, expiresAt = Date.now() + DAY): Link {
    const url = recoveryUrl({ publicUrl: this.on.url, keys: LINK_KEYS }, id, expiresAt);
    return { id, path: new URL(url).pathname, invoiceId: invoiceId(id, 1) };
  }

  change(id: string, to: (s: Subscription) => Partial<Subscription>): void {
    const s = this.on.engine.states.get(id);
    if (!s) throw new Error('no such subscription');
    this.on.engine.states.set(id, { ...s, ...to(s) });
  }

  /** A link to one whose renewal failed yesterday; it is tried again the day after tomorrow. */
  async failing(
    more: Partial<Invoice> = {},
    plan: Partial<Plan> = {},
  ): Promise<Link & { readonly failedAt: number }> {
    const link = await this.living();
    const failedAt = Date.now() - DAY;
    const period = { index: 1, k: 1, trial: false, start: failedAt, end: failedAt + 30 * DAY };
    this.change(link.id, (s) => ({
      status: 'past_due',
      plan: { ...s.plan, ...plan },
      period: s.period && { ...s.period, start: failedAt - 30 * DAY, end: failedAt },
      invoice: {
        id: link.invoiceId,
        index: 1,
        period,
        total: s.plan.price,
        taxFree: s.plan.taxFree,
        dueAt: failedAt,
        nextTryAt: Date.now() + 2 * DAY,
        declines: 1,
        hitches: 0,
        firstDeclineAt: failedAt,
        firstClass: 'funds',
        ...more,
      },
    }));
    return { ...link, failedAt };
  }

  async look(path: string, { lang = 'ko', url = this.on.url } = {}) {
    const answer = await fetch(`${url}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
    return { status: answer.status, headers: answer.headers, html: await answer.text() };
  }

  /** What the page's script sends. */
  async tell(path: string, body: unknown, key?: string) {
    const answer = await fetch(this.on.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
}

import type { Engine } from '#api/parts';
import { applyAll } from '#domain/apply';
import { type Beginning, begin } from '#domain/begin';
import type { Command } from '#domain/command';
import { decide } from '#domain/decide';
import type { SubscriptionEvent } from '#domain/event';
import { routeOf } from '#domain/order-number';
import { type Preview, previewOf } from '#domain/preview';
import { isRefusal } from '#domain/refusal';
import type { Answer, Subscription } from '#domain/subscription';
import { type SubscriptionView, viewOf } from '#domain/view';
import { keyFor } from '#engine/ask';
import { RefusedError, refused } from '#engine/refused';

/** The engine on paper: the pure core decides as in the workflow, nothing is waited for and nothing is charged. */
export class PaperEngine implements Engine {
  readonly states = new Map<string, Subscription>();

  async start(beginning: Beginning): Promise<'started' | 'exists'> {
    if (this.states.has(beginning.id)) return 'exists';
    this.states.set(beginning.id, begin(beginning, Date.now()));
    return 'started';
  }

  async get(id: string): Promise<SubscriptionView> {
    return viewOf(this.state(id), Date.now());
  }

  async live(id: string): Promise<SubscriptionView | undefined> {
    return this.states.has(id) ? this.get(id) : undefined;
  }

  async preview(id: string): Promise<Preview | null> {
    return previewOf(this.state(id));
  }

  async timeline(id: string): Promise<SubscriptionEvent[]> {
    return [...this.state(id).recent];
  }

  async cancel(
    id: string,
    request: Parameters<Engine['cancel']>[1] = {},
    options?: Options,
  ): Promise<Answer> {
    const { when = 'period_end', refund = 'none', reason = 'requested' } = request;
    return this.ask(id, { kind: 'cancel', when, refund, reason }, options);
  }

  async reactivate(id: string, options?: Options): Promise<Answer> {
    return this.ask(id, { kind: 'reactivate' }, options);
  }

  async refund(
    paymentId: string,
    { amount, reason = 'requested' }: { amount?: number; reason?: string } = {},
    options?: Options,
  ): Promise<Answer> {
    const id = `sub_${paymentId.slice(4, 17)}`;
    return this.ask(id, { kind: 'refund', paymentId, amount, reason }, options);
  }

  async settle(id: string, request: Parameters<Engine['settle']>[1], options?: Options): Promise<Answer> {
    return this.ask(id, { kind: 'settle', ...request }, options);
  }

  async release(id: string, options?: Options): Promise<Answer> {
    return this.ask(id, { kind: 'release' }, options);
  }

  async openWindow(id: string, options?: Options): Promise<Answer> {
    return this.ask(id, { kind: 'openWindow' }, options);
  }

  async confirmPayment(
    id: string,
    request: { order: string; idKey: string },
    options?: Options,
  ): Promise<Answer> {
    return this.ask(id, { kind: 'confirmPayment', ...request }, options);
  }

  async retry(id: string, request: { by: 'link' | 'api' }, options?: Options): Promise<Answer> {
    return this.ask(id, { kind: 'retry', ...request }, options);
  }

  async moveDate(id: string, request: Parameters<Engine['moveDate']>[1], options?: Options): Promise<Answer> {
    return this.ask(id, { kind: 'moveDate', ...request }, options);
  }

  async replaceMethod(
    id: string,
    request: Parameters<Engine['replaceMethod']>[1],
    options?: Options,
  ): Promise<Answer> {
    return this.ask(id, { kind: 'replaceMethod', ...request }, options);
  }

  async signalPaymentReported(report: { order: string; idKey: string; type: string }): Promise<void> {
    const route = routeOf(report.order);
    if (!route) throw refused('subscription_not_found');
    this.ask(route.subscriptionId, { kind: 'paymentReported', ...report });
  }

  async signalCancel(id: string): Promise<void> {
    await this.cancel(id);
  }

  /** The first payment of a checkout comes in, by whatever way. */
  pays(id: string): void {
    const s = this.state(id);
    const order = s.orders[0];
    if (!order) throw new Error('nothing to pay');
    const at = Date.now();
    const period = { index: 0, k: 0, trial: false, start: at, end: at + 30 * 86_400_000 };
    const { total, number } = order;
    const receipt = { total: total.amount, method: 'CARD_BILL' };
    const payment = {
      id: `pay_${number}`,
      order: number,
      idKey: 'idKeyOfTheFirst',
      total,
      stray: false,
      receipt,
    };
    this.states.set(
      id,
      applyAll(
        s,
        [
          { type: 'payment.received', ...payment },
          { type: 'method.saved', method: { idKey: payment.idKey, partnerUserId: s.customerId } },
          { type: 'period.started', period },
          { type: 'subscription.activated' },
        ],
        at,
      ),
    );
  }

  private ask(id: string, command: Command, options?: Options): Answer {
    const key = keyFor(id, command.kind, command, options?.idempotencyKey);
    const decision = decide(this.state(id), command, Date.now(), key);
    if (isRefusal(decision)) throw new RefusedError(decision);
    this.states.set(id, applyAll(this.state(id), decision.changes, Date.now()));
    return decision.answer;
  }

  state(id: string): Subscription {
    const state = this.states.get(id);
    if (!state) throw refused('subscription_not_found');
    return state;
  }
}

type Options = { readonly idempotencyKey?: string };

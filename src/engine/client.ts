import { randomUUID } from 'node:crypto';
import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Beginning } from '#domain/begin';
import { judgedAt } from '#domain/entitlement';
import type { SubscriptionEvent } from '#domain/event';
import { summaryOf, taskQueues } from '#domain/operator-text';
import { isSubscriptionId, routeOf } from '#domain/order-number';
import type { Preview } from '#domain/preview';
import type { Answer, Payment } from '#domain/subscription';
import type { SubscriptionView } from '#domain/view';
import * as messages from '#workflows/messages';
import type { subscription } from '#workflows/subscription';
import { ANSWERS_WITHIN_MS, ask, keyFor, within } from './ask';
import { checkedBeginning } from './beginning';
import type { Fallback } from './fallback';
import { subscriptionOfPayment, withKnownPayment } from './old-payment';
import { isLastPeriod, readOr } from './reading';
import { refused, UnansweredError } from './refused';
import { timeOf } from './time-of';

/** Who asks, so that a repeat of the same request has one effect. */
export interface RequestOptions {
  /** The caller's own key of this request; a repeat with the same key and the same content gets the first answer. */
  readonly idempotencyKey?: string;
}

export type CancelRequest = Partial<messages.CancelRequest>;

/** Whoever sends a webhook waits for the answer, and the inbox takes what Temporal does not. */
const REPORT_WITHIN_MS = 3_000;

/**
 * The typed client of the engine: every act of a subscription as a plain method, straight to Temporal. The HTTP layer uses it, and
 * so may any app. Ids, instants (epoch milliseconds) and amounts (whole minor units) are those of the domain.
 *
 * Methods throw RefusedError for a request that is refused, UnansweredError when no answer came within ten seconds, and the
 * SDK's ServiceError when Temporal cannot be reached.
 */
export class SubscriptionEngine {
  constructor(
    private readonly client: Client,
    private readonly fallback?: Fallback,
  ) {}

  /**
   * Starts a subscription; it is `incomplete` until its first payment. Answers `exists`, and starts nothing, when the id is in use.
   * @throws RefusedError invalid_body for a plan, a customer or a start that cannot be
   */
  async start(given: Beginning): Promise<'started' | 'exists'> {
    const beginning = checkedBeginning(given);
    const { id, mode, account, plan, customerId } = beginning;
    const { status, plan: planKey, customer, unsettled } = messages.SEARCH_ATTRIBUTES;
    try {
      await within(this.client, ANSWERS_WITHIN_MS, id, () =>
        this.client.workflow.start<typeof subscription>('subscription', {
          workflowId: id,
          taskQueue: taskQueues(mode, account).subscriptions,
          args: [{ begin: beginning }],
          // The default would start a closed subscription anew under its old id.
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          workflowIdConflictPolicy: 'FAIL',
          staticSummary: summaryOf({ plan, customerId }),
          typedSearchAttributes: [
            { key: status, value: 'incomplete' },
            { key: planKey, value: plan.id },
            { key: customer, value: customerId },
            { key: unsettled, value: false },
          ],
        }),
      );
      return 'started';
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return 'exists';
      throw error;
    }
  }

  /** The subscription as it is now; from the book of record once its workflow is gone. @throws RefusedError subscription_not_found */
  async get(id: string): Promise<SubscriptionView> {
    const { fallback } = this;
    const view = await readOr<SubscriptionView>(
      () => this.query(id, messages.state),
      fallback && (() => fallback.subscription(id)),
    );
    return judgedAt(view, view.mode === 'test' ? await timeOf(this.client, this.handle(id)) : Date.now());
  }

  /** The subscription as its workflow has it; undefined where there is no such workflow any more. */
  async live(id: string): Promise<SubscriptionView | undefined> {
    try {
      return await this.query(id, messages.state);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  /** What happened, oldest first: everything in the book of record, and the latest events that have not reached it yet. */
  async timeline(id: string): Promise<SubscriptionEvent[]> {
    const kept = (await this.fallback?.eventsOf(id)) ?? [];
    const recent = await readOr<SubscriptionEvent[]>(
      () => this.query(id, messages.timeline),
      async () => (kept.length > 0 ? [] : undefined),
    );
    const last = kept[kept.length - 1]?.sequence ?? 0;
    return [...kept, ...recent.filter((event) => event.sequence > last)];
  }

  /** What would be charged next, line by line; null where nothing more will be. @throws RefusedError subscription_not_found */
  async preview(id: string): Promise<Preview | null> {
    const { fallback } = this;
    const instead = async (isGone: boolean) => {
      const kept = await fallback?.subscription(id);
      // A workflow that is there and does not answer may charge something yet.
      return kept && (isGone || isLastPeriod(kept)) ? null : undefined;
    };
    return readOr<Preview | null>(() => this.query(id, messages.preview), instead);
  }

  /** Ends the subscription now, at the end of the paid period (the default) or at an instant; refunds nothing unless asked to. */
  cancel(id: string, request: CancelRequest = {}, options?: RequestOptions): Promise<Answer> {
    const { when = 'period_end', refund = 'none', reason = 'requested' } = request;
    return this.ask(id, messages.cancel, { when, refund, reason }, options);
  }

  /** Undoes a planned cancellation. */
  reactivate(id: string, options?: RequestOptions): Promise<Answer> {
    return this.ask(id, messages.reactivate, undefined, options);
  }

  /**
   * Refunds a payment, in full or in part. The answer names the refund; its status follows in the state. A workflow knows its latest
   * thirty payments; of an older one the store must tell.
   */
  refund(
    paymentId: string,
    request: { amount?: number; reason?: string; account?: string } = {},
    options?: RequestOptions,
  ): Promise<Answer> {
    const id = subscriptionOfPayment(paymentId);
    const { amount, reason = 'requested', account } = request;
    const body = { paymentId, amount, reason, account };
    const asking = (known?: Payment) => this.ask(id, messages.refund, body, options, known && { known });
    return withKnownPayment(paymentId, asking, this.fallback);
  }

  /** Settles an order whose outcome is not known: by the idKey of its payment (the receipt decides), or as not charged. */
  settle(id: string, request: messages.SettleRequest, options?: RequestOptions): Promise<Answer> {
    return this.ask(id, messages.settle, request, options);
  }

  /** Lets a held charge go. */
  release(id: string, options?: RequestOptions): Promise<Answer> {
    return this.ask(id, messages.release, undefined, options);
  }

  /**
   * The customer opens a payment window, for the first payment, for what is owed, or for nothing, which registers another method:
   * answers the order number to pay under, and the amount.
   */
  openWindow(id: string, options?: RequestOptions): Promise<Answer> {
    return this.ask(id, messages.openWindow, undefined, options);
  }

  /** The page says that a payment was made in the window of this order. Not believed: the receipt decides. */
  confirmPayment(id: string, request: messages.ConfirmRequest, options?: RequestOptions): Promise<Answer> {
    return this.ask(id, messages.confirmPayment, request, options);
  }

  /** Tries to charge what is owed at once, by the present method. Joins a try that is under way: nothing is charged twice. */
  retry(id: string, request: messages.RetryRequest, options?: RequestOptions): Promise<Answer> {
    return this.ask(id, messages.retry, request, options);
  }

  /** Moves the next try of what is owed to a local date, `YYYY-MM-DD`, at the billing time. */
  moveDate(id: string, request: messages.MoveDateRequest, options?: RequestOptions): Promise<Answer> {
    return this.ask(id, messages.moveDate, request, options);
  }

  /** Gives another billing key; it is charged from then on, once its receipt was read. What is owed is tried with it at once. */
  replaceMethod(id: string, request: messages.MethodRequest, options?: RequestOptions): Promise<Answer> {
    return this.ask(id, messages.replaceMethod, request, options);
  }

  /** The provider's webhook. Resolves once Temporal has it for good; an error after three seconds leaves open whether it has. @throws RefusedError subscription_not_found */
  async signalPaymentReported(report: messages.PaymentReport): Promise<void> {
    const route = routeOf(report.order);
    if (!route) throw refused('subscription_not_found');
    await this.signal(route.subscriptionId, messages.paymentReported, report, REPORT_WITHIN_MS);
  }

  /** Cancel without waiting for an answer: a refusal goes unnoticed. Resolves once Temporal has it for good. */
  async signalCancel(id: string, request: CancelRequest = {}): Promise<void> {
    const { when = 'period_end', refund = 'none', reason = 'requested' } = request;
    await this.signal(id, messages.cancelRequested, { when, refund, reason });
  }

  private async signal<Body>(
    id: string,
    definition: { type: 'signal'; name: string },
    body: Body,
    withinMs = ANSWERS_WITHIN_MS,
  ): Promise<void> {
    try {
      await within(this.client, withinMs, id, () => this.handle(id).signal(definition.name, body));
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw refused('subscription_not_found');
      throw error;
    }
  }

  private async ask<Body>(
    id: string,
    definition: { name: string },
    body: Body,
    options?: RequestOptions,
    beside?: object,
  ): Promise<Answer> {
    // What is handed in beside is no part of the request: the same key and body is the same request with or without it.
    const callerKey = options?.idempotencyKey ?? randomUUID();
    const key = keyFor(id, definition.name, body, callerKey);
    const told = beside ? { ...body, ...beside } : body;
    try {
      return await ask(this.client, this.handle(id), definition.name, key, told);
    } catch (error) {
      if (error instanceof UnansweredError) throw new UnansweredError(id, callerKey);
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      throw refused(
        (await this.fallback?.subscription(id)) ? 'subscription_ended' : 'subscription_not_found',
      );
    }
  }

  private query<T>(id: string, { name }: { name: string }): Promise<T> {
    return within(this.client, ANSWERS_WITHIN_MS, id, () => this.handle(id).query<T>(name));
  }

  private handle(id: string) {
    if (!isSubscriptionId(id)) throw refused('subscription_not_found');
    return this.client.workflow.getHandle(id);
  }
}

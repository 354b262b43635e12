import { createHash } from 'node:crypto';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { ENDED, judgedAt, mayBeOver } from '#domain/entitlement';
import { taskQueues } from '#domain/operator-text';
import type { SubscriptionView } from '#domain/view';
import { InvalidCursor } from '#store/errors';
import * as messages from '#workflows/messages';
import { timeOf } from './time-of';

const CUSTOMER = /^cus_[a-z0-9]{1,40}$/;
/** Milliseconds that a server which is there needs at most to say what it has. */
const LISTS_WITHIN_MS = 5_000;

/** Looking at several subscriptions of one mode and account: which ones Temporal has, and how they are now. */
export class Directory {
  constructor(
    private readonly client: Client,
    private readonly of: { readonly mode: 'test' | 'live'; readonly account: string },
  ) {}

  /**
   * A view that the store has kept, brought up to date by its workflow. Where that has not answered at `deadline` (epoch
   * milliseconds), or cannot, the kept view is judged by what time it is for the subscription.
   */
  async upToDate(kept: SubscriptionView, deadline: number): Promise<SubscriptionView> {
    return this.judged((await this.live(kept.id, deadline).catch(() => undefined)) ?? kept);
  }

  /** A view as it was kept, its entitlement judged by what time it is for the subscription. */
  async judged(view: SubscriptionView): Promise<SubscriptionView> {
    // Only a clock that a test moves must be asked for, and only where it could make a difference.
    if (!mayBeOver(view)) return view;
    return judgedAt(view, view.mode === 'test' ? await this.timeFor(view.id) : Date.now());
  }

  /** As its workflow has it; undefined where there is none. @throws ServiceError where it has not answered at `deadline` */
  async live(id: string, deadline: number): Promise<SubscriptionView | undefined> {
    try {
      return await this.client.withDeadline(deadline, () =>
        this.client.workflow.getHandle(id).query<SubscriptionView>(messages.state.name),
      );
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
  }

  /**
   * Ids of a customer's subscriptions that have not ended, as far as Temporal's lists know, which are a second behind; undefined
   * where they know no subscription of this customer. @throws ServiceError when Temporal does not answer
   */
  async ofCustomer(customerId: string): Promise<string[] | undefined> {
    // The id becomes a part of the query.
    if (!CUSTOMER.test(customerId)) return undefined;
    const { customer, status } = messages.SEARCH_ATTRIBUTES;
    const query = `${this.running()} AND ${customer.name} = '${customerId}'`;
    const found: { id: string; isOver: boolean }[] = [];
    await this.client.withDeadline(Date.now() + LISTS_WITHIN_MS, async () => {
      for await (const { workflowId, typedSearchAttributes } of this.client.workflow.list({ query })) {
        const shown = typedSearchAttributes.get(status);
        found.push({ id: workflowId, isOver: ENDED.some((each) => each === shown) });
      }
    });
    return found.length === 0 ? undefined : found.filter(({ isOver }) => !isOver).map(({ id }) => id);
  }

  /**
   * A page of the running subscriptions that Temporal's lists know, and the place of the next one; `place` is '' for the first.
   * @throws InvalidCursor for a place that is none; ServiceError when Temporal does not answer
   */
  async page(place: string, limit: number): Promise<{ ids: string[]; next: string | undefined }> {
    const { workflowService, options } = this.client;
    const token = tokenIn(place);
    const { executions, nextPageToken } = await this.client.withDeadline(Date.now() + LISTS_WITHIN_MS, () =>
      workflowService.listWorkflowExecutions({
        namespace: options.namespace,
        pageSize: limit,
        nextPageToken: token,
        query: this.running(),
      }),
    );
    const ids = (executions ?? []).flatMap(({ execution }) => execution?.workflowId ?? []);
    return { ids, next: nextPageToken?.length ? placeOf(nextPageToken) : undefined };
  }

  private running(): string {
    const { mode, account } = this.of;
    return `WorkflowType = 'subscription' AND ExecutionStatus = 'Running' AND TaskQueue = '${taskQueues(mode, account).subscriptions}'`;
  }

  private timeFor(id: string): Promise<number> {
    return timeOf(this.client, this.client.workflow.getHandle(id));
  }
}

/** Temporal's own token, and a sum of it: the server fails, and is asked again and again, for one that it has not given. */
function placeOf(token: Uint8Array): string {
  return `${Buffer.from(token).toString('base64url')}.${sumOf(token)}`;
}

/** @throws InvalidCursor */
function tokenIn(place: string): Buffer {
  const [text = '', sum = ''] = place.split('.');
  const token = Buffer.from(text, 'base64url');
  if (place !== '' && sum !== sumOf(token)) throw new InvalidCursor();
  return token;
}

function sumOf(token: Uint8Array): string {
  return createHash('sha256').update(token).digest('base64url').slice(0, 8);
}

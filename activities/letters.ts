import type { Logger } from 'pino';
import type { SubscriptionEvent } from '#domain/event';
import type { Message } from '#domain/message';
import { planNameIn } from '#domain/plan';
import type { Mode } from '#domain/subscription';
import type { SubscriptionView } from '#domain/view';
import type { About, Rendered } from '#messages/render';
import type { Letter } from '#store/message-store';
import type { Store } from '#store/store';

/** How messages to customers are put into words. */
export interface Writing {
  readonly render: (message: Message, about: About) => Rendered;
  /** Where a customer can act on the subscription, until `expiresAt` (epoch milliseconds). */
  readonly link: (subscriptionId: string, expiresAt: number) => string;
  /** IANA zone of every day that is named. */
  readonly zone: string;
  /** The shop, as its customers know it. */
  readonly merchant: string;
}

export interface LetterDependencies {
  readonly store: Pick<Store, 'customer'>;
  readonly mode: Mode;
  readonly writing: Writing;
  readonly log: Pick<Logger, 'error'>;
}

type Told = Extract<SubscriptionEvent, { type: 'message.due' }>;

/** Milliseconds. A letter that lies about for longer than a recovery takes opens nothing any more. */
const LINK_LASTS = 40 * 86_400_000;

/**
 * The letters that belong to these events. One that cannot be written is told as an error and left out: the event itself must
 * be kept whatever becomes of it.
 * @throws when the store does not answer
 */
export async function lettersOf(
  deps: LetterDependencies,
  view: SubscriptionView,
  events: readonly SubscriptionEvent[],
): Promise<Letter[]> {
  const told = events.filter((event): event is Told => event.type === 'message.due');
  if (told.length === 0) return [];
  const customer = await deps.store.customer(view.customerId);
  return told.flatMap((event) => {
    const { kind } = event.message;
    const failed = (reason: string) => {
      const { subscriptionId, sequence } = event;
      deps.log.error(
        { code: 'message_not_written', subscriptionId, sequence, kind, reason },
        'a message to a customer could not be written',
      );
      return [];
    };
    if (!customer) return failed('customer unknown');
    try {
      return [letterOf(deps, view, event, customer)];
    } catch (error) {
      // Its words may quote what it was written with.
      return failed(error instanceof Error ? error.name : 'unknown');
    }
  });
}

function letterOf(
  { writing, mode }: LetterDependencies,
  view: SubscriptionView,
  { message, sequence, at }: Told,
  customer: { readonly name: string; readonly locale: 'ko' | 'en' },
): Letter {
  const { locale, name } = customer;
  const { subject, text, html, short, template, variables } = writing.render(message, {
    locale,
    zone: writing.zone,
    planName: planNameIn(view.plan, locale),
    merchant: writing.merchant,
    link: leadsSomewhere(message) ? writing.link(view.id, at + LINK_LASTS) : undefined,
    isTest: mode === 'test',
    customerName: name,
  });
  return { sequence, kind: message.kind, at, locale, subject, text, html, short, template, variables };
}

/** Whether there is anything that the customer could do about it. */
function leadsSomewhere({ kind, because }: Message): boolean {
  if (kind === 'ended') return because !== 'requested';
  return kind !== 'receipt' && kind !== 'refunded';
}

import type { SubscriptionEvent } from '#domain/event';
import type { ListedPayment } from '#domain/listed-payment';
import type { SubscriptionView } from '#domain/view';
import { type AttemptRow, attemptOf } from './attempts';
import { type Database, jsonb } from './database';
import { MAY_NEED_A_PERSON } from './migrations/0004-reconciliations';
import type { OrderToCompare, ReconciliationStore } from './reconciliation-store';

/** Events that say something about money. */
const OF_MONEY = `('checkout.opened', 'window.opened', 'charge.started', 'charge.notSent', 'payment.received', 'payment.declined',
  'payment.pending', 'payment.unanswered', 'payment.notCharged', 'payment.canceledElsewhere', 'refund.requested', 'refund.done',
  'refund.failed', 'refund.stuck')`;

/** A request that is being made right now has no answer yet, and is no difference. */
const IN_FLIGHT = '5 minutes';

type Asked = Pick<
  ReconciliationStore,
  'beginReconciliation' | 'ordersToCompare' | 'subscriptionsNeedingAPerson' | 'alertsSince'
>;

/** What there is to compare, and what waits for a person. */
export function ordersToCompare(db: Database): Asked {
  return {
    async beginReconciliation(id, since) {
      await db.transaction(async (tx) => {
        await tx.query(
          "update reconciliations set status = 'running', since = $2::timestamptz where id = $1 and status <> 'done'",
          [id, since],
        );
        await tx.query(CANDIDATES, [id, since]);
      }, true);
    },
    ordersToCompare: (id, after, limit) => page(db, id, after, limit),
    async subscriptionsNeedingAPerson(after, limit) {
      const rows = await db.query<{ view: SubscriptionView }>(
        `select view from subscriptions where ${MAY_NEED_A_PERSON} and id > $1 order by id limit $2`,
        [after, limit],
      );
      return rows.map(({ view }) => view);
    },
    async alertsSince(since, limit) {
      const rows = await db.query<{ event: SubscriptionEvent }>(
        `select event from events where type = 'operator.alert' and at >= $1::timestamptz
         order by at desc limit $2`,
        [since, limit],
      );
      return rows.map(({ event }) => event);
    },
  };
}

const CANDIDATES = `
insert into reconciliation_orders (reconciliation_id, order_number)
select $1, order_number from (
  select number as order_number from attempts
    where kind = 'charge' and created_at >= $2::timestamptz
      and not (status = 'sent' and created_at > now() - interval '${IN_FLIGHT}')
  union select number from attempts
    where (status = 'sent' or outcome in ('unanswered', 'pending', 'progress')) and kind = 'charge'
      and created_at < now() - interval '${IN_FLIGHT}'
  union select substr(event->>'id', 5, 18) from events
    where type in ('payment.received', 'payment.canceledElsewhere') and at >= $2::timestamptz
  union select substr(e.event->'refund'->>'paymentId', 5, 18)
    from attempts a join events e on e.subscription_id = a.subscription_id
    where a.kind = 'refund' and e.type = 'refund.requested' and e.event->'refund'->>'id' = left(a.number, 21)
      and (a.created_at >= $2::timestamptz or a.status = 'sent' or a.outcome in ('unanswered', 'pending', 'progress'))
  union select order_number from reconciliation_lines
    where reconciliation_id = $1 and order_number ~ '^[1-9][0-9]{17}$' and right(order_number, 5) <> '00000'
) candidates
on conflict do nothing`;

async function page(db: Database, id: string, after: string, limit: number): Promise<OrderToCompare[]> {
  const named = await db.query<{ order_number: string; subscription_id: string; known: boolean }>(
    `select order_number, subscription_id,
       exists (select from subscriptions s where s.id = subscription_id)
         or exists (select from reserved_ids r where r.subscription_id = named.subscription_id) as known
     from (
       select order_number, 'sub_' || left(order_number, 13) as subscription_id from reconciliation_orders
       where reconciliation_id = $1 and order_number > $2 order by order_number limit $3
     ) named order by order_number`,
    [id, after, limit],
  );
  const orders = jsonb(named.map((row) => row.order_number));
  const subscriptions = jsonb([...new Set(named.map((row) => row.subscription_id))]);
  const attempts = await db.query<AttemptRow>(
    'select * from attempts where number in (select jsonb_array_elements_text($1::jsonb))',
    [orders],
  );
  const lines = await db.query<{ line: ListedPayment }>(
    `select line from reconciliation_lines where reconciliation_id = $1
       and order_number in (select jsonb_array_elements_text($2::jsonb)) order by place`,
    [id, orders],
  );
  const events = await db.query<{ event: SubscriptionEvent }>(
    `select event from events where subscription_id in (select jsonb_array_elements_text($1::jsonb))
       and type in ${OF_MONEY} order by subscription_id, sequence`,
    [subscriptions],
  );
  return named.map(({ order_number: order, subscription_id: subscriptionId, known }) => {
    const attempt = attempts.find((row) => row.number === order);
    return {
      order,
      subscriptionId,
      known,
      ...(attempt && { attempt: attemptOf(attempt) }),
      lines: lines.map(({ line }) => line).filter((line) => line.order === order),
      events: events.map(({ event }) => event).filter((event) => event.subscriptionId === subscriptionId),
    };
  });
}

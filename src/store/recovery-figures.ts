import type { FailureClass } from '#domain/event';
import type { Currency, Money } from '#domain/money';
import type { Database } from './database';

/** How many failed renewals were recovered, by whom, and how many were lost: from the events alone. */

/** try: by the schedule; link: by the customer's page; api: by the merchant; late: money of an older order. */
export const RECOVERED_BY = ['try', 'link', 'api', 'late', 'unknown'] as const;
export type RecoveredBy = (typeof RECOVERED_BY)[number];

export interface Tally {
  readonly count: number;
  readonly total: Money;
}

/** Of the failed renewals that began in a span of time, whatever became of them since. */
export interface RecoveryFigures {
  readonly started: Tally;
  readonly recovered: Tally;
  readonly recoveredBy: Readonly<Record<RecoveredBy, Tally>>;
  /** Expired or canceled while still owed. */
  readonly lost: Tally;
  /** Still owed. */
  readonly open: Tally;
  /** By why it failed first; `unknown` for events of before this was written down. */
  readonly byClass: Readonly<
    Partial<
      Record<FailureClass | 'unknown', Pick<RecoveryFigures, 'started' | 'recovered' | 'lost' | 'open'>>
    >
  >;
}

export interface RecoveryFiguresFilter {
  /** Half-open, epoch milliseconds, by the subscriptions' own clocks. */
  readonly from: number;
  readonly to: number;
  readonly planId?: string;
}

export interface RecoveryFiguresStore {
  /** The figures of each currency that something was owed in. One query. */
  recoveryFigures(filter: RecoveryFiguresFilter): Promise<ReadonlyMap<Currency, RecoveryFigures>>;
}

interface Row {
  readonly currency: Currency;
  readonly class: FailureClass | 'unknown';
  readonly outcome: 'recovered' | 'lost' | 'open';
  readonly by: RecoveredBy | null;
  readonly count: string;
  readonly amount: string;
}

/** An episode begins with `subscription.pastDue` and ends with the next event that recovers or ends the subscription. */
const FIGURES = `
  select coalesce(began.event #>> '{total,currency}', 'KRW') as currency,
         coalesce(began.event ->> 'class', 'unknown') as class,
         case over.type when 'subscription.recovered' then 'recovered' when 'subscription.ended' then 'lost' else 'open' end as outcome,
         case over.type when 'subscription.recovered' then coalesce(over.event ->> 'by', 'unknown') end as by,
         count(*)::text as count,
         coalesce(sum((began.event #>> '{total,amount}')::bigint), 0)::text as amount
    from events began
    left join lateral (
      select type, event from events later
       where later.subscription_id = began.subscription_id and later.sequence > began.sequence
         and later.type in ('subscription.recovered', 'subscription.ended')
       order by later.sequence limit 1
    ) over on true
   where began.type = 'subscription.pastDue'
     and began.at >= to_timestamp($1::numeric / 1000) and began.at < to_timestamp($2::numeric / 1000)
     and ($3::text is null or exists (select from subscriptions s where s.id = began.subscription_id and s.plan_id = $3))
   group by 1, 2, 3, 4`;

export function recoveryFigures(db: Database): RecoveryFiguresStore {
  return {
    async recoveryFigures({ from, to, planId }) {
      const rows = await db.query<Row>(FIGURES, [from, to, planId ?? null]);
      const currencies = [...new Set(rows.map((row) => row.currency))].sort();
      return new Map(
        currencies.map((currency) => [
          currency,
          figuresOf(
            rows.filter((row) => row.currency === currency),
            currency,
          ),
        ]),
      );
    },
  };
}

function figuresOf(rows: readonly Row[], currency: Currency): RecoveryFigures {
  const tally = (holds: (row: Row) => boolean): Tally => {
    const found = rows.filter(holds);
    const sum = (of: (row: Row) => string) => found.reduce((total, row) => total + Number(of(row)), 0);
    return { count: sum((row) => row.count), total: { amount: sum((row) => row.amount), currency } };
  };
  const outcomes = (holds: (row: Row) => boolean) => ({
    started: tally(holds),
    recovered: tally((row) => holds(row) && row.outcome === 'recovered'),
    lost: tally((row) => holds(row) && row.outcome === 'lost'),
    open: tally((row) => holds(row) && row.outcome === 'open'),
  });
  const by = RECOVERED_BY.map((who) => [who, tally((row) => row.by === who)] as const);
  const classes = [...new Set(rows.map((row) => row.class))].sort();
  return {
    ...outcomes(() => true),
    recoveredBy: Object.fromEntries(by) as Record<RecoveredBy, Tally>,
    byClass: Object.fromEntries(classes.map((each) => [each, outcomes((row) => row.class === each)])),
  };
}

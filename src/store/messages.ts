import { drawnId } from '../drawn-id';
import { type Database, jsonb, type Parameter, type Queryable } from './database';
import { InvalidCursor } from './errors';
import type { Letter, MessageFilter, MessageRecord, MessageStore } from './message-store';
import type { Page } from './store';

interface Row {
  readonly id: string;
  readonly subscription_id: string;
  readonly sequence: number;
  readonly customer_id: string;
  readonly kind: MessageRecord['kind'];
  readonly template: string;
  readonly locale: MessageRecord['locale'];
  readonly subject: string;
  readonly body_text: string;
  readonly body_html: string;
  readonly body_short: string;
  readonly variables: MessageRecord['variables'];
  readonly created_at: string;
  readonly status: MessageRecord['status'];
  readonly tries: number;
  readonly sent_at: string | null;
  readonly failure: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
}

const MOST = 100;
/** A courier that took a loan and died is waited for this long; it sends for 60 s at most (src/messages/smtp.ts). */
const LOAN_SECONDS = 120;
/** One that fails this often lets later messages of its subscription pass. */
const HOLDS_OTHERS_UP = 4;
/** Any number that no other lock of ours has. */
const POSITION_LOCK = 5_735_914_117;
const SELECT =
  'select m.*, c.name, c.email, c.phone from messages m left join customers c on c.id = m.customer_id';

/** Messages to customers. */
export function messages(db: Database): MessageStore {
  return {
    async message(id) {
      const rows = await db.query<Row>(`${SELECT} where m.id = $1`, [id]);
      return rows[0] && messageOf(rows[0]);
    },
    messages: (filter) => list(db, filter),
    async latestMessages(limit) {
      const rows = await db.query<Row>(`${SELECT} order by m.position desc limit $1`, [limit]);
      return rows.map(messageOf);
    },
    lendMessages: (limit) => lend(db, limit),
    async messageDone(id, as) {
      await db.query(
        `update messages set status = $2, failure = null,
           sent_at = case when $2 = 'sent' then clock_timestamp() end
         where id = $1 and status in ('waiting', 'sending', 'failed')`,
        [id, as],
      );
    },
    async messageFailed({ id, tries }, failure, retryMs) {
      await db.query(
        `update messages set failure = $3, status = case when $4::float8 is null then 'failed' else 'waiting' end,
           next_at = clock_timestamp() + make_interval(secs => coalesce($4::float8, 0) / 1000)
         where id = $1 and tries = $2 and status = 'sending'`,
        [id, tries, failure, retryMs],
      );
    },
  };
}

/**
 * Keeps what was written out for events of one subscription. One at a time, and last in its transaction: places are given in
 * the order of the commits, so that a reader who has come to one has seen all before it.
 */
export async function keepLetters(
  tx: Queryable,
  view: { readonly id: string; readonly customerId: string },
  letters: readonly Letter[],
): Promise<void> {
  if (letters.length === 0) return;
  await tx.query('select pg_advisory_xact_lock($1::bigint)', [POSITION_LOCK]);
  await tx.query(
    `insert into messages (id, subscription_id, customer_id, sequence, kind, template, locale,
       subject, body_text, body_html, body_short, variables, created_at)
     select l->>'id', $1, $2, (l->>'sequence')::bigint, l->>'kind', l->>'template', l->>'locale',
       l->>'subject', l->>'text', l->>'html', l->>'short', l->'variables', to_timestamp((l->>'at')::numeric / 1000)
     from jsonb_array_elements($3::jsonb) as l order by (l->>'sequence')::bigint
     on conflict (subscription_id, sequence) do nothing`,
    [view.id, view.customerId, jsonb(letters.map((letter) => ({ ...letter, id: drawnId('msg') })))],
  );
}

async function list(
  db: Database,
  { subscriptionId, kind, cursor, limit }: MessageFilter,
): Promise<Page<MessageRecord>> {
  const most = Math.max(1, Math.min(MOST, Math.trunc(limit)));
  const parameters: Parameter[] = [];
  const parts: string[] = [];
  const given = (value: Parameter): string => `$${parameters.push(value)}`;
  if (cursor !== undefined) parts.push(`m.position > ${given(await placeOf(db, cursor))}`);
  if (subscriptionId !== undefined) parts.push(`m.subscription_id = ${given(subscriptionId)}`);
  if (kind !== undefined) parts.push(`m.kind = ${given(kind)}`);
  const where = parts.length > 0 ? `where ${parts.join(' and ')}` : '';
  // One more than asked for tells whether there is a next page.
  const rows = await db.query<Row>(`${SELECT} ${where} order by m.position limit ${most + 1}`, parameters);
  const page = rows.slice(0, most).map(messageOf);
  return { data: page, nextCursor: rows.length > most ? (page.at(-1)?.id ?? null) : null };
}

/** @throws InvalidCursor */
async function placeOf(db: Database, id: string): Promise<number> {
  const [row] = await db.query<{ position: number }>('select position from messages where id = $1', [id]);
  if (!row) throw new InvalidCursor();
  return row.position;
}

async function lend(db: Database, limit: number): Promise<MessageRecord[]> {
  const rows = await db.query<Row>(
    `with due as (
       select id from messages d where status in ('waiting', 'sending') and next_at <= clock_timestamp()
         and not exists (
           select from messages e where e.subscription_id = d.subscription_id and e.sequence < d.sequence
             and e.status in ('waiting', 'sending') and e.tries <= ${HOLDS_OTHERS_UP}
         )
       order by next_at, position limit $1 for update of d skip locked
     ), lent as (
       update messages m set status = 'sending', tries = tries + 1,
         next_at = clock_timestamp() + make_interval(secs => ${LOAN_SECONDS})
       from due where due.id = m.id returning m.*
     )
     select lent.*, c.name, c.email, c.phone from lent left join customers c on c.id = lent.customer_id
     order by lent.position`,
    [limit],
  );
  return rows.map(messageOf);
}

function messageOf(row: Row): MessageRecord {
  const { name, email, phone, sent_at: sentAt, failure } = row;
  return {
    id: row.id,
    subscriptionId: row.subscription_id,
    sequence: row.sequence,
    customerId: row.customer_id,
    kind: row.kind,
    template: row.template,
    locale: row.locale,
    subject: row.subject,
    text: row.body_text,
    html: row.body_html,
    short: row.body_short,
    variables: row.variables,
    createdAt: row.created_at,
    status: row.status,
    tries: row.tries,
    ...(sentAt !== null && { sentAt }),
    ...(failure !== null && { failure }),
    ...(name !== null && email !== null && phone !== null && { to: { name, email, phone } }),
  };
}

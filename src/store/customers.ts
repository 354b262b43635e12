import { drawnId } from '../drawn-id';
import type { Database } from './database';
import { DuplicateReference } from './errors';
import { cursorOf, placeOf } from './newest-first';
import type { Customer, Store } from './store';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly locale: Customer['locale'];
  readonly reference: string | null;
  readonly created_at: string;
}

const MOST = 100;

/** Who pays. */
export function customers(
  db: Database,
): Pick<Store, 'createCustomer' | 'customer' | 'customerByReference' | 'customers'> {
  return {
    async createCustomer({ name, email, phone, locale = 'ko', reference }) {
      const rows = await db.query<Row>(
        'insert into customers (id, name, email, phone, locale, reference) values ($1, $2, $3, $4, $5, $6) ' +
          'on conflict (reference) do nothing returning *',
        [drawnId('cus'), name, email, phone, locale, reference ?? null],
      );
      if (!rows[0]) throw new DuplicateReference();
      return customerOf(rows[0]);
    },
    async customer(id) {
      const rows = await db.query<Row>('select * from customers where id = $1', [id]);
      return rows[0] && customerOf(rows[0]);
    },
    async customers({ email, reference, cursor, limit }) {
      const place = cursor === undefined ? undefined : placeOf(cursor, 'cus');
      const rows = await db.query<Row>(
        `select * from customers
          where ($1::text is null or lower(email) = lower($1)) and ($2::text is null or reference = $2)
            and ($3::timestamptz is null or (created_at, id) < ($3, $4))
          order by created_at desc, id desc limit ${Math.max(1, Math.min(MOST, Math.trunc(limit))) + 1}`,
        [email ?? null, reference ?? null, place?.createdAt ?? null, place?.id ?? null],
      );
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const nextCursor =
        rows.length > limit && last ? cursorOf({ createdAt: last.created_at, id: last.id }) : null;
      return { data: page.map(customerOf), nextCursor };
    },
    async customerByReference(reference) {
      const rows = await db.query<Row>('select * from customers where reference = $1', [reference]);
      return rows[0] && customerOf(rows[0]);
    },
  };
}

function customerOf({ reference, created_at, ...row }: Row): Customer {
  return { ...row, ...(reference !== null && { reference }), createdAt: created_at };
}

import { randomBytes } from 'node:crypto';
import type { Database } from './database';
import { DuplicateReference } from './errors';
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

/** Who pays. */
export function customers(db: Database): Pick<Store, 'createCustomer' | 'customer' | 'customerByReference'> {
  return {
    async createCustomer({ name, email, phone, locale = 'ko', reference }) {
      const rows = await db.query<Row>(
        'insert into customers (id, name, email, phone, locale, reference) values ($1, $2, $3, $4, $5, $6) ' +
          'on conflict (reference) do nothing returning *',
        [customerId(), name, email, phone, locale, reference ?? null],
      );
      if (!rows[0]) throw new DuplicateReference();
      return customerOf(rows[0]);
    },
    async customer(id) {
      const rows = await db.query<Row>('select * from customers where id = $1', [id]);
      return rows[0] && customerOf(rows[0]);
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

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** 20 characters of 5 bits each: 100 random bits. */
function customerId(): string {
  return `cus_${Array.from(randomBytes(20), (byte) => ALPHABET[byte % 32]).join('')}`;
}

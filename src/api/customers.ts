import type { z } from 'zod';
import type { CustomerAnswer } from '#contract/answers';
import { newCustomer } from '#contract/customer';
import { customerId } from '#contract/fields';
import { customersQuery } from '#contract/lists';
import { refused } from '#engine/refused';
import { DuplicateReference } from '#store/errors';
import type { Customer, Store } from '#store/store';
import { pageOf, readQuery } from './lists';
import type { ApiParts } from './parts';
import type { KeyedRequest } from './request-key';
import { act, type Endpoint } from './routes';

/** POST and GET /v1/customers */
export function customers({ store }: ApiParts): Endpoint {
  return {
    get: async ({ request }) => {
      const query = readQuery(customersQuery, request.query);
      const { data, nextCursor } = await pageOf(() => store.customers(query));
      return { status: 200, body: { data: data.map(answerOf), nextCursor } };
    },
    post: act({
      body: newCustomer,
      movesMoney: false,
      answer: async ({ body }) => {
        const customer = await create(store, body);
        // Personal data stays in one place: the record of the request names the customer only.
        return { status: 201, body: answerOf(customer), keep: { customerId: customer.id } };
      },
      revive: async (kept) => answerOf(await mustFind(store, (kept as { customerId: string }).customerId)),
    }),
  };
}

/** GET /v1/customers/:id */
export function customer({ store }: ApiParts): Endpoint {
  return { get: async ({ id }) => ({ status: 200, body: answerOf(await mustFind(store, id)) }) };
}

/** The customer that a request names, or the one that it brings along; the same one however often it is repeated. */
export async function customerFor(
  store: Store,
  body: { customerId?: string; customer?: z.infer<typeof newCustomer> },
  request: KeyedRequest | undefined,
): Promise<Customer> {
  if (body.customerId !== undefined) return mustFind(store, body.customerId);
  if (!body.customer) throw refused('customer_not_found');
  const { reference } = body.customer;
  return reference === undefined
    ? createOnce(store, body.customer, request)
    : findOrCreate(store, reference, body.customer);
}

/** The merchant's own id is all that is needed to find the same one again. One that exists is used as it stands. */
async function findOrCreate(
  store: Store,
  reference: string,
  customer: z.infer<typeof newCustomer>,
): Promise<Customer> {
  const known = await store.customerByReference(reference);
  if (known) return known;
  try {
    return await store.createCustomer(customer);
  } catch (error) {
    const first = error instanceof DuplicateReference && (await store.customerByReference(reference));
    if (first) return first;
    throw error;
  }
}

/** A record of its own remembers the customer, so that a request that broke off later makes no second one. */
async function createOnce(
  store: Store,
  customer: z.infer<typeof newCustomer>,
  request: KeyedRequest | undefined,
): Promise<Customer> {
  if (!request) return create(store, customer);
  const record = { ...request, scope: `${request.scope} customer` };
  const claim = await store.claimRequest(record);
  if (claim.kind === 'done') return mustFind(store, (claim.body as { customerId: string }).customerId);
  if (claim.kind === 'otherBody') throw refused('idempotency_key_reused');
  if (claim.kind === 'inFlight') throw refused('request_in_flight');
  const created = await create(store, customer);
  await store.finishRequest(record, 201, { customerId: created.id });
  return created;
}

async function create(store: Store, customer: z.infer<typeof newCustomer>): Promise<Customer> {
  try {
    return await store.createCustomer(customer);
  } catch (error) {
    if (error instanceof DuplicateReference) throw refused('reference_taken');
    throw error;
  }
}

async function mustFind(store: Store, id: string): Promise<Customer> {
  const found = customerId.safeParse(id).success ? await store.customer(id) : undefined;
  if (!found) throw refused('customer_not_found');
  return found;
}

function answerOf({ id, name, email, phone, locale, reference, createdAt }: Customer): CustomerAnswer {
  return { id, name, email, phone, locale, reference: reference ?? null, createdAt };
}

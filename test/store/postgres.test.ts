import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { won } from '#domain/money';
import { DatabaseError, openStore, type Store, StoreRefused } from '#store/index';
import { postgres } from '#store/postgres';
import { freshDatabase, type RunningPostgres, startPostgres } from '../support/postgres';
import { atOnce } from './both';
import { someCustomer, someSubscription, someView } from './samples';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function open(databaseUrl: string): Promise<Store> {
  const store = await openStore({ databaseUrl, dataDir: 'unused' });
  opened.push(store);
  return store;
}

/** The error, and that it came within the seconds that a request may wait. */
async function failureOf(call: Promise<unknown>): Promise<DatabaseError> {
  const asked = performance.now();
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(performance.now() - asked).toBeLessThan(7_000);
  expect(error).toBeInstanceOf(DatabaseError);
  return error as DatabaseError;
}

/** A line to the server that can fall silent, as a pulled cable does, or be cut. */
async function line(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const [host, port] = [target.hostname, Number(target.port)];
  const sockets = new Set<Socket>();
  let silent = false;
  const server: Server = createServer((near) => {
    const far = connect(port, host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => silent || to.write(bytes));
      from.on('close', () => to.destroy());
      from.on('error', () => undefined);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  opened.push({
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  target.port = String((server.address() as AddressInfo).port);
  return { url: target.href, cut, silence: (on: boolean) => (silent = on) };
}

describe('two stores on one database', () => {
  let two: Store[];
  beforeEach(async () => {
    const url = await freshDatabase();
    two = [await open(url), await open(url)];
  });
  const race = <T>(act: (store: Store) => Promise<T>) => atOnce(20, (turn) => act(two[turn % 2]!));

  test('of twenty who open one attempt, one may send', async () => {
    const attempt = {
      number: '100000000000100001',
      kind: 'charge' as const,
      subscriptionId: 'sub_1000000000001',
      amount: won(9_900),
    };
    expect(
      (await race((store) => store.openAttempt(attempt))).filter((answer) => answer === 'go'),
    ).toHaveLength(1);
  });

  test('of twenty who claim one request, one is new', async () => {
    const request = { scope: 's', key: 'k', bodyHash: 'h' };
    const claims = await race((store) => store.claimRequest(request));
    expect(claims.filter(({ kind }) => kind === 'new')).toHaveLength(1);
  });

  test('twenty with one key reserve one id, and twenty with one plan make one claim', async () => {
    expect(new Set(await race((store) => store.reserveSubscriptionId('k'))).size).toBe(1);
    const customer = someCustomer();
    const holders = await race((store) => store.claim(customer, 'plan_a', someSubscription()));
    expect(new Set(holders).size).toBe(1);
  });

  test('what one writes the other reads, and more at once than there are connections', async () => {
    const view = someView();
    await race((store) => store.publish(view, []));
    expect(await two[1]!.subscription(view.id)).toEqual(await two[0]!.subscription(view.id));
    expect(await atOnce(200, (turn) => two[turn % 2]!.subscription(view.id))).toHaveLength(200);
  });
});

describe('a server that goes away', () => {
  let server: RunningPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  test('killed: calls fail soon and say so; back again: the same store goes on, with what it had', async () => {
    const store = await open(await freshDatabase(server.url));
    const customer = await store.createCustomer({ name: 'n', email: 'e', phone: 'p' });
    await atOnce(10, () => store.ping());
    const inFlight = atOnce(20, () => store.publish(someView(), []).catch((reason: unknown) => reason));
    await server.kill();
    for (const one of await inFlight) if (one !== undefined) expect(one).toMatchObject({ unavailable: true });
    expect(await failureOf(store.ping())).toMatchObject({ unavailable: true });
    expect(await failureOf(store.publish(someView(), []))).toMatchObject({ unavailable: true });
    await server.restart();
    await store.ping();
    expect(await store.customer(customer.id)).toEqual(customer);
    await atOnce(20, () => store.publish(someView(), []));
  });

  test('ending every connection from the other side does no harm', async () => {
    const url = await freshDatabase(server.url);
    const [store, other] = [await open(url), postgres(url)];
    opened.push(other);
    await atOnce(10, () => store.ping());
    await other.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    // The ends of ten connections arrive one by one; each may meet one call.
    const answers = await atOnce(10, () => store.ping().catch((reason: unknown) => reason));
    for (const one of answers) if (one !== undefined) expect(one).toMatchObject({ unavailable: true });
    await store.ping();
  });
});

describe('a line that falls silent', () => {
  test('a call in flight and a new connection fail within seconds, and all is well after', async () => {
    const wire = await line(await freshDatabase());
    const store = await open(wire.url);
    await store.ping();
    wire.silence(true);
    const calls = [store.ping(), store.publish(someView(), []), store.ping()];
    for (const error of await Promise.all(calls.map(failureOf)))
      expect(error).toMatchObject({ unavailable: true });
    wire.silence(false);
    wire.cut();
    const view = someView();
    await store.publish(view, []);
    expect(await store.subscription(view.id)).toEqual(view);
  });

  test('a store does not open on a server that says nothing', async () => {
    const wire = await line(await freshDatabase());
    wire.silence(true);
    const error = await failureOf(openStore({ databaseUrl: wire.url, dataDir: 'unused' }));
    expect(error.message).toContain('the database does not answer');
  });
});

test('a statement that waits for a lock is given up by the server, and its connection is used again', async () => {
  const url = await freshDatabase();
  const [store, other] = [await open(url), postgres(url)];
  opened.push(other);
  const view = someView();
  await other.transaction(async (tx) => {
    await tx.script('lock table events in access exclusive mode');
    expect(await failureOf(store.eventsOf(view.id))).toMatchObject({ code: '57014', unavailable: true });
  });
  expect(await store.eventsOf(view.id)).toEqual([]);
});

test('a transaction that fails leaves nothing and gives its connection back', async () => {
  const db = postgres(await freshDatabase());
  opened.push(db);
  await db.script('create table t (n bigint)');
  const failing = () =>
    db.transaction(async (tx) => {
      await tx.query('insert into t values ($1)', [1]);
      throw new Error('changed my mind');
    });
  for (const one of await Promise.allSettled(Array.from({ length: 20 }, failing))) {
    expect(one).toMatchObject({ status: 'rejected', reason: { message: 'changed my mind' } });
  }
  expect(await db.query('select count(*) as n from t')).toEqual([{ n: 0 }]);
});

test('values are read the same in any time zone, and numbers never lose digits', async () => {
  const db = postgres(await freshDatabase());
  opened.push(db);
  const rows = await db.transaction(async (tx) => {
    await tx.script("set local timezone = 'Asia/Kolkata'");
    return tx.query(
      "select timestamptz '2027-01-31 09:00:00.5+09' as at, 9007199254740991 as big, true as yes, '{\"a\":[1]}'::jsonb as j, null as none",
    );
  });
  expect(rows).toEqual([
    { at: '2027-01-31T00:00:00.500Z', big: Number.MAX_SAFE_INTEGER, yes: true, j: { a: [1] }, none: null },
  ]);
  await expect(db.query('select 9007199254740993 as big')).rejects.toThrow(RangeError);
});

test('closed it stays closed, twice closed is no error', async () => {
  const store = await open(await freshDatabase());
  await Promise.all([store.close(), store.close()]);
  expect(await failureOf(store.ping())).toMatchObject({ unavailable: true });
});

test.each(['postgres//user:hunter2@host/db', 'mysql://user:hunter2@host/db', 'hunter2'])(
  'an address that is none is refused without being repeated',
  async (databaseUrl) => {
    const error = await openStore({ databaseUrl, dataDir: 'unused' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreRefused);
    expect(String((error as Error).stack)).not.toContain('hunter2');
  },
);

test('nobody listens there: said at once', async () => {
  const error = await failureOf(
    openStore({ databaseUrl: 'postgres://u:hunter2@127.0.0.1:1/d', dataDir: 'unused' }),
  );
  expect(error).toMatchObject({ code: 'ECONNREFUSED', unavailable: true });
  expect(error.stack).not.toContain('hunter2');
});

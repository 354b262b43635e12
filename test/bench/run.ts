import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { TestClock } from '#testing/test-clock';
import { freshDatabase, startPostgres } from '../support/postgres';
import { startProduct } from '../support/product';
import { startTemporal } from '../support/temporal';
import { startFloor } from './floor-worker';
import { lists } from './lists';
import { history, renewals } from './renewals';
import { paidOrders, webhooks } from './webhooks';

/**
 * npm run bench [-- --pairs N --batch M --only renewals,webhooks,lists]
 * The product against the least that could do the same, on one server, in one run. Absolute times are this machine's; the ratios are
 * what is compared.
 */

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '11' },
    batch: { type: 'string', default: '20' },
    only: { type: 'string', default: 'renewals,webhooks,lists' },
  },
});
const pairs = Number(values.pairs);
const wanted = new Set(values.only.split(','));

const SECRET = 'secret-token-of-the-benchmark';

async function bench(): Promise<void> {
  const stops: (() => Promise<unknown>)[] = [];
  const rows: string[] = [];
  const notes: string[] = [];
  try {
    const temporal = await startTemporal();
    stops.push(() => temporal.stop());
    const postgres = await startPostgres();
    stops.push(() => postgres.stop());
    const databaseUrl = await freshDatabase(postgres.url);
    const settings = {
      temporalAddress: temporal.address,
      databaseUrl,
      env: { STEPPAY_SECRET_TOKEN: SECRET },
    };
    const product = await startProduct(settings);
    stops.push(() => product.end('SIGTERM'));
    const connection = await Connection.connect({ address: temporal.address });
    stops.push(() => connection.close());
    const client = new Client({ connection });
    const at = { where: product, client, clock: new TestClock(client), pairs, batch: Number(values.batch) };
    if (wanted.has('renewals')) {
      const floor = await startFloor(temporal.address, product.simulatorUrl, SECRET);
      stops.push(() => floor.stop());
      rows.push(...(await renewals(at)));
      notes.push(await history(at));
    }
    if (wanted.has('webhooks')) {
      const orders = await paidOrders(at);
      // By a process that receives and no worker: what workflows do about a signal is no part of either side.
      await product.end('SIGTERM');
      const receiver = await startProduct({ ...settings, roles: 'api' });
      stops.push(() => receiver.end('SIGTERM'));
      rows.push(...(await webhooks({ url: receiver.url, client, pairs, orders })));
    }
    if (wanted.has('lists')) rows.push(...(await lists(databaseUrl, pairs * 20)));
  } finally {
    for (const stop of stops.reverse()) await stop().catch((error: unknown) => console.error(error));
  }
  console.log('\n| what | ours | floor | floor / ours | of single pairs | goal |\n|---|---|---|---|---|---|');
  console.log([...rows, '', ...notes].join('\n'));
}

bench().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

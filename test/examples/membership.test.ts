import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { API_KEY } from '../support/product';
import { asMerchant, Customer, theProduct } from '../support/story';
import { pollUntil } from '../support/until';

/** The example of a shop, run as its reader would run it, beside the real product. */

const FILE = join(__dirname, '../../examples/membership/app.mjs');
let shop: ChildProcess;
let url: string;
let printed = '';

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  shop = spawn(process.execPath, [FILE], {
    env: {
      PATH: process.env.PATH,
      PERENNIAL_URL: theProduct().url,
      PERENNIAL_API_KEY: API_KEY,
      PORT: String(port),
    },
  });
  for (const stream of [shop.stdout, shop.stderr])
    stream?.on('data', (text: Buffer) => {
      printed += text.toString();
    });
  await pollUntil(() => {
    if (shop.exitCode !== null) throw new Error(`the shop ended: ${printed}`);
    return printed.includes('is open at');
  });
});
afterAll(async () => {
  shop?.kill();
  const merchant = asMerchant(theProduct());
  const { body } = await merchant<{ data: { id: string; url: string }[] }>('GET', '/v1/webhook-endpoints');
  for (const each of body.data.filter((one) => one.url.startsWith(url)))
    await merchant('POST', `/v1/webhook-endpoints/${each.id}/remove`);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

test('sells a membership: a checkout, a way in when it is paid, none when it is over', async () => {
  const customer = new Customer(theProduct());
  const joined = await fetch(`${url}/join`, {
    method: 'POST',
    body: new URLSearchParams(customer.details),
    redirect: 'manual',
  });
  expect(joined.status).toBe(303);
  expect(joined.headers.get('location')).toMatch(/\/checkout\//);
  const cookie = /visitor=[^;]+/.exec(joined.headers.get('set-cookie') ?? '')?.[0] ?? '';
  const visit = async () => (await fetch(`${url}/members`, { headers: { cookie } })).status;
  expect(await visit()).toBe(402);

  const merchant = asMerchant(theProduct());
  const { body: found } = await merchant<{ data: { id: string }[] }>(
    'GET',
    `/v1/customers?reference=${cookie.replace('visitor=', '')}`,
  );
  customer.id = found.data[0]?.id ?? '';
  const { body: listed } = await merchant<{ data: { id: string }[] }>(
    'GET',
    `/v1/subscriptions?customerId=${customer.id}`,
  );
  customer.subscriptionId = listed.data[0]?.id ?? '';
  customer.orderId = `${customer.subscriptionId.slice(4)}00001`;
  customer.amount = 9_900;
  await customer.paysInWindow();
  await customer.becomes((s) => s.status === 'active');
  // Its entitlement is kept for a minute: that it opens at once is the webhook's doing.
  await pollUntil(() => printed.includes(`subscription.activated of ${customer.subscriptionId}`));
  await pollUntil(async () => (await visit()) === 200);

  await customer.asks('cancel', { when: 'now' });
  await pollUntil(() => printed.includes(`subscription.ended of ${customer.subscriptionId}`));
  await pollUntil(async () => (await visit()) === 402);
});

test('takes nothing that Perennial has not signed', async () => {
  const body = JSON.stringify({ id: 'evt_1', type: 'subscription.activated', stateVersion: 1 });
  const headers = {
    'content-type': 'application/json',
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
    'webhook-signature': 'v1,bm90IHNpZ25lZA==',
  };
  expect((await fetch(`${url}/webhooks`, { method: 'POST', headers, body })).status).toBe(400);
});

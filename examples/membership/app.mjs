// A shop that sells one membership through Perennial: it opens checkouts, hears of what happens, and knows who may come in.
import { randomUUID } from 'node:crypto';
import express from 'express';
import { Webhook } from 'standardwebhooks';

const {
  PERENNIAL_URL = 'http://127.0.0.1:3000',
  PERENNIAL_API_KEY,
  PORT = '4000',
  PLAN = 'plan_monthly',
} = process.env;
if (!PERENNIAL_API_KEY) throw new Error('PERENNIAL_API_KEY: set it to the key that npm start prints');
const SHOP = `http://127.0.0.1:${PORT}`;

/** Asks Perennial. The same key with the same body has one effect, however often it is sent. */
async function perennial(method, path, body, key = randomUUID()) {
  const response = await fetch(`${PERENNIAL_URL}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${PERENNIAL_API_KEY}`,
      ...(body && { 'content-type': 'application/json', 'idempotency-key': key }),
    },
    body: body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (response.ok) return answer;
  throw Object.assign(new Error(answer.detail), { code: answer.code, status: response.status });
}

// Asked with a key of its own, so that every start of this shop gets the same endpoint and the same secret.
const url = `${SHOP}/webhooks`;
const endpoint = await perennial('POST', '/v1/webhook-endpoints', { url }, `membership-shop-${PORT}`);
const webhook = new Webhook(endpoint.secret);

const known = new Map(); // who may come in, by customer, until something happens to their subscription
const heard = new Map(); // what was heard last of each subscription: events can come twice, and late

async function plansOf(customerId) {
  if (!known.has(customerId) || known.get(customerId).readAt < Date.now() - 60_000) {
    const { plans } = await perennial('GET', `/v1/customers/${customerId}/entitlements`);
    known.set(customerId, { plans, readAt: Date.now() });
  }
  return known.get(customerId).plans;
}

/** The customer behind a visitor's cookie, if there is one. A real shop has accounts; their ids are the references. */
async function customerOf(request) {
  const visitor = /(?:^|; )visitor=([\w-]{1,64})/.exec(request.headers.cookie ?? '')?.[1];
  if (!visitor) return undefined;
  const { data } = await perennial('GET', `/v1/customers?reference=${visitor}`);
  return data[0]?.id;
}

/** Lets members through; everybody else is shown the way in. */
async function members(request, response, next) {
  const customerId = await customerOf(request);
  if (customerId && (await plansOf(customerId)).includes(PLAN)) return next();
  response.status(402).send('<p>For members. <a href="/">Join</a></p>');
}

const app = express();
app.get('/', (_request, response) => {
  const field = (name, type) => `<label>${name} <input name="${name}" type="${type}" required></label>`;
  const fields = field('name', 'text') + field('email', 'email') + field('phone', 'tel');
  response.send(`<form method="post" action="/join">${fields}<button>Join</button></form>`);
});

app.post('/join', express.urlencoded({ extended: false }), async (request, response) => {
  const { name, email, phone } = request.body ?? {};
  const id = await customerOf(request);
  const visitor = randomUUID();
  const who = id ? { customerId: id } : { customer: { name, email, phone, reference: visitor } };
  const checkout = await perennial('POST', '/v1/checkouts', {
    planId: PLAN,
    successUrl: `${SHOP}/members`,
    ...who,
  });
  if (!id) response.cookie('visitor', visitor, { httpOnly: true, sameSite: 'lax' });
  response.redirect(303, checkout.url);
});

app.get('/members', members, (_request, response) => response.send('<p>Welcome, member.</p>'));

app.post('/webhooks', express.raw({ type: 'application/json' }), (request, response) => {
  const event = webhook.verify(request.body.toString(), request.headers); // throws: not from Perennial
  if (event.stateVersion > (heard.get(event.subscriptionId) ?? 0)) {
    heard.set(event.subscriptionId, event.stateVersion);
    known.delete(event.customerId);
    console.log(`${event.type} of ${event.subscriptionId}`);
  }
  response.sendStatus(204);
});

app.use((error, _request, response, _next) => {
  const status = error.name === 'WebhookVerificationError' ? 400 : (error.status ?? 500);
  response.status(status).type('text').send(error.message);
});

app.listen(Number(PORT), '127.0.0.1', () => console.log(`The shop is open at ${SHOP}`));

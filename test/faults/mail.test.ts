import { postgres } from '#store/postgres';
import { openPostOffice, type PostOffice } from '../messages/post-office';
import { freshDatabase } from '../support/postgres';
import { type RunningProduct, startProduct } from '../support/product';
import { Customer } from '../support/story';
import { pollUntil } from '../support/until';

/** Real processes and a real mail server: a worker that is killed or stopped while a mail is on its way. */

const temporalAddress = process.env.TEST_TEMPORAL_ADDRESS ?? '';
const LOGIN = { user: 'dalbit', pass: 'password-of-the-mail' };
let databaseUrl: string;
let front: RunningProduct;
let worker: RunningProduct;
let office: PostOffice;
let letGo: () => void;
let answered: Promise<void>;

const startWorker = () =>
  startProduct({
    temporalAddress,
    databaseUrl,
    roles: 'worker',
    env: {
      STEPPAY_BASE_URL: front.simulatorUrl,
      SMTP_URL: `smtp://${LOGIN.user}:${LOGIN.pass}@127.0.0.1:${office.server.port}`,
      PERENNIAL_MAIL_FROM: '달빛서점 <hello@dalbit.example>',
    },
  });
const idsOf = (to: string) =>
  office.mails
    .filter((mail) => mail.to === to)
    .map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1]?.trim());
const statusesOf = async ({ merchant, subscriptionId }: Customer) =>
  (
    await merchant<{ data: { status: string }[] }>('GET', `/v1/messages?subscriptionId=${subscriptionId}`)
  ).body.data.map(({ status }) => status);

/** From now on a mail that was taken in is answered only when `letGo` is called. */
function holds(): void {
  answered = new Promise<void>((resolve) => {
    letGo = resolve;
  });
}

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  process.env.STEPPAY_SECRET_TOKEN = `secret-of-mail-${process.pid}-${Date.now()}`;
  office = await openPostOffice({ login: LOGIN, wait: () => answered });
  front = await startProduct({ temporalAddress, databaseUrl, roles: 'api,simulator' });
  worker = await startWorker();
}, 180_000);

afterAll(async () => {
  letGo?.();
  await worker?.end('SIGKILL');
  await front?.end('SIGKILL');
  await office?.close();
});

test('killed when the mail server has it, and before that is written down: it comes again under the same Message-ID', async () => {
  holds();
  const customer = await new Customer(front).subscribes('plan_monthly', { on: '2028-01-31' });
  const { email } = customer.details;
  await pollUntil(() => idsOf(email).length === 1);
  await worker.end('SIGKILL');
  letGo();
  worker = await startWorker();
  expect(await statusesOf(customer)).toEqual(['sending']);
  const db = postgres(databaseUrl);
  await db.script("update messages set next_at = next_at - interval '120 s'").finally(() => db.close());
  await pollUntil(async () => (await statusesOf(customer))[0] === 'sent');
  const ids = idsOf(email);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toMatch(/^<msg_[a-z2-7]{20}@dalbit\.example>$/);
}, 180_000);

test('stopped while a mail is on its way: it is finished first, and not sent again', async () => {
  holds();
  const customer = await new Customer(front).subscribes('plan_monthly', { on: '2028-01-31' });
  const { email } = customer.details;
  await pollUntil(() => idsOf(email).length === 1);
  const ended = worker.end('SIGTERM');
  await pollUntil(() => worker.output().includes('Stopping'));
  letGo();
  expect(await ended).toBe(0);
  expect(await statusesOf(customer)).toEqual(['sent']);
  expect(worker.output()).not.toContain(LOGIN.pass);
  expect(worker.output()).not.toContain(email);
  worker = await startWorker();
  holds();
  const next = await new Customer(front).subscribes('plan_monthly', { on: '2028-01-31' });
  await pollUntil(() => idsOf(next.details.email).length === 1);
  letGo();
  await pollUntil(async () => (await statusesOf(next))[0] === 'sent');
  expect(idsOf(email)).toHaveLength(1);
}, 180_000);

import type { Letter } from '#store/message-store';
import { MINJI, newCustomer, type Running, run, settings } from '../api/running';
import { someView } from '../store/samples';

/** What customers were told, as whoever tries Perennial out sees it; without a browser. */

const testClock = { advance: async () => ({ now: '2027-01-01T00:00:00Z' }) };
let on: Running;
beforeAll(async () => {
  on = await run({ testClock });
});
afterAll(() => on.close());

const letter: Letter = {
  ...{ sequence: 1, kind: 'payment_failed', template: 'payment_failed.first', locale: 'ko' },
  ...{ subject: '결제 <실패>', text: '본문 & 링크', short: '짧게', variables: { amount: '9,900원' } },
  html: '<!doctype html><html><head><title>x</title></head><body><p style="color:red">"본문"</p></body></html>',
  at: Date.UTC(2027, 0, 31),
};
async function look(path: string, url = on.url) {
  const answer = await fetch(url + path);
  return { status: answer.status, headers: answer.headers, html: await answer.text() };
}

test('nothing yet; then each message with its customer, and on its own page in all its forms', async () => {
  expect((await look('/')).html).toContain('href="/messages"');
  expect((await look('/messages')).html).toContain('There are none yet');
  await on.store.publish(someView({ customerId: await newCustomer(on) }), [], [letter]);
  const [kept] = await on.store.latestMessages(1);
  const list = await look('/messages');
  expect(list.status).toBe(200);
  expect(list.html).toContain(`href="/messages/${kept?.id}"`);
  expect(list.html).toContain('2027-01-31 09:00');
  expect(list.html).toContain(MINJI.email);

  const { html, headers } = await look(`/messages/${kept?.id}`);
  for (const text of [
    '결제 &lt;실패>',
    '본문 &amp; 링크',
    '짧게',
    '9,900원',
    'payment_failed.first',
    'waiting',
  ])
    expect(html).toContain(text);
  expect(html).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
  expect(html).toContain('&quot;color:red&quot;');
  expect(html).not.toContain('<p style="color:red">');
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/);
  expect(headers.get('content-security-policy')).not.toContain('script-src');
  expect((await look('/messages/msg_none')).status).toBe(404);
});

test('not in live mode, and not where customers may be real', async () => {
  const live = await on.again({ config: { ...settings(), mode: 'live' } });
  const withProvider = await on.again({ testClock: undefined });
  for (const { url } of [live, withProvider])
    for (const path of ['/messages', `/messages/${(await on.store.latestMessages(1))[0]?.id}`])
      expect((await look(path, url)).status).toBe(404);
  expect((await look('/', withProvider.url)).html).not.toContain('/messages');
});

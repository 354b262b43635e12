import type { MessageAnswer } from '#contract/messages';
import { asMerchant, type Customer, story, theProduct } from '../support/story';
import { pollUntil } from '../support/until';

/** What a customer is told, as a sender of the merchant's own reads it. */

async function toldTo({ merchant, subscriptionId }: Customer): Promise<MessageAnswer[]> {
  const query = `?subscriptionId=${subscriptionId}&limit=100`;
  return (await merchant<{ data: MessageAnswer[] }>('GET', `/v1/messages${query}`)).body.data;
}
const kinds = async (customer: Customer) => (await toldTo(customer)).map(({ kind }) => kind);

story(
  'a receipt, a failure, and that it is over: told once each, with a link where it helps',
  async ({ customer }) => {
    await customer.subscribes('plan_monthly', { on: '2027-01-31', card: 'declines two renewals' });
    await pollUntil(async () => (await kinds(customer)).length === 1);
    // 31 January -> the last day of February; the second try is a day later, the third on day 3.
    await customer.livesTo('2027-03-01');
    await pollUntil(async () => (await kinds(customer)).length === 2);
    await customer.livesTo('2027-03-04');
    await pollUntil(async () => (await kinds(customer)).length === 3);
    expect(await kinds(customer)).toEqual(['receipt', 'payment_failed', 'recovered']);

    // There is no mail server: each is kept.
    await pollUntil(async () => (await toldTo(customer)).every(({ status }) => status === 'kept'));
    const [receipt, failed] = await toldTo(customer);
    expect(receipt?.createdAt).toMatch(/^2027-01-31T03:/);
    expect(failed?.createdAt).toMatch(/^2027-02-28T00:/);
    const { name, email, phone } = customer.details;
    for (const message of [receipt, failed]) expect(message?.to).toEqual({ name, email, phone });
    expect(receipt?.text).not.toContain('/recover/');
    expect(failed?.text).toMatch(/\/recover\/[\w-]{60}/);
    const { body } = await customer.merchant<{ data: { type: string }[] }>(
      'GET',
      `/v1/subscriptions/${customer.subscriptionId}/timeline`,
    );
    expect(body.data.filter(({ type }) => type === 'message.due')).toHaveLength(3);
  },
);

test('in test mode whoever tries it out sees them', async () => {
  const { url } = theProduct();
  const { body } = await asMerchant(theProduct())<{ data: MessageAnswer[] }>('GET', '/v1/messages?limit=1');
  const page = await fetch(`${url}/messages/${body.data[0]?.id}`);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('srcdoc=')]);
});

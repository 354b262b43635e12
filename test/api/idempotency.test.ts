import { UnansweredError } from '#engine/refused';
import { MINJI, passesTheLock, type Running, run } from './running';

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

let drawn = 0;
function newKey() {
  drawn += 1;
  return { 'idempotency-key': `key-${drawn}` };
}
const checkout = { planId: 'plan_monthly', customer: MINJI };

async function paidSubscription(): Promise<{ id: string; payment: string }> {
  const { body } = await on.merchant<{ subscriptionId: string; orderId: string }>(
    'POST',
    '/v1/checkouts',
    checkout,
  );
  on.engine.pays(body.subscriptionId);
  return { id: body.subscriptionId, payment: `pay_${body.orderId}` };
}

/** The engine with one method replaced. */
function engineWith(method: string, answer: (...args: never[]) => unknown) {
  return Object.assign(Object.create(on.engine), { [method]: answer });
}

describe('one key, one effect, one answer', () => {
  test('a repeat gets the first answer, marked', async () => {
    const key = newKey();
    const first = await on.merchant('POST', '/v1/checkouts', checkout, key);
    const again = await on.merchant('POST', '/v1/checkouts', checkout, key);
    expect(first).toMatchObject({ status: 201 });
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  test('an address is one, however it is spelled', async () => {
    const { payment } = await paidSubscription();
    const key = newKey();
    const body = { amount: { amount: 1000, currency: 'KRW' } };
    const first = await on.merchant('POST', `/v1/payments/${payment}/refunds`, body, key);
    const spelled = `/v1/payments/${payment.replace('_', '%5F')}/refunds`;
    const again = await on.merchant('POST', spelled, body, key);
    expect(again).toMatchObject({ status: first.status, body: first.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  test('a body of any depth is looked at by its schema before it is taken for a request', async () => {
    const deep = `{"planId":${'['.repeat(16_000)}${']'.repeat(16_000)}}`;
    const answer = await on.merchant('POST', '/v1/checkouts', deep, newKey());
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_body' } });
  });

  test('the order of the fields does not matter, their content does', async () => {
    const key = newKey();
    const { name, email, phone } = MINJI;
    const first = await on.merchant('POST', '/v1/checkouts', checkout, key);
    const same = JSON.stringify({ customer: { phone, email, name }, planId: 'plan_monthly' });
    expect((await on.merchant('POST', '/v1/checkouts', same, key)).body).toEqual(first.body);
    const other = { ...checkout, planId: 'plan_yearly' };
    expect(await on.merchant('POST', '/v1/checkouts', other, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  test('ten at once: one is answered, the rest are told to wait or get its answer', async () => {
    const key = newKey();
    const before = on.engine.states.size;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => on.merchant('POST', '/v1/checkouts', checkout, key)),
    );
    expect(on.engine.states.size).toBe(before + 1);
    for (const { status, body } of answers.filter((a) => a.status !== 201))
      expect({ status, body }).toMatchObject({ status: 409, body: { code: 'request_in_flight' } });
    expect(answers.filter((a) => a.status === 201).length).toBeGreaterThan(0);
  });

  test('the same key elsewhere is another request: another target, another act', async () => {
    const key = newKey();
    const [a, b] = [await paidSubscription(), await paidSubscription()];
    const answers = await Promise.all([
      on.merchant('POST', `/v1/subscriptions/${a.id}/cancel`, {}, key),
      on.merchant('POST', `/v1/subscriptions/${b.id}/cancel`, {}, key),
      on.merchant('POST', `/v1/payments/${a.payment}/refunds`, {}, key),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 202]);
  });

  test('where no money moves a key is optional; where it moves, it is not', async () => {
    const none = { 'idempotency-key': '' };
    expect((await on.merchant('POST', '/v1/customers', MINJI, none)).status).toBe(201);
    const { id, payment } = await paidSubscription();
    for (const path of [
      '/v1/checkouts',
      '/v1/subscriptions',
      `/v1/subscriptions/${id}/cancel`,
      `/v1/subscriptions/${id}/settle`,
      `/v1/subscriptions/${id}/release`,
      `/v1/subscriptions/${id}/refunds`,
      `/v1/payments/${payment}/refunds`,
    ]) {
      for (const headers of [
        none,
        { 'idempotency-key': 'a key with spaces' },
        { 'idempotency-key': 'x'.repeat(256) },
      ])
        expect(await on.merchant('POST', path, {}, headers)).toMatchObject({
          status: 400,
          body: { code: 'idempotency_key_required' },
        });
    }
  });
});

describe('what is kept and what is not', () => {
  test('a refusal that is a verdict is kept: a late duplicate does not take effect', async () => {
    const { id } = await paidSubscription();
    const key = newKey();
    const reactivate = () => on.merchant('POST', `/v1/subscriptions/${id}/reactivate`, {}, key);
    const refused = await reactivate();
    expect(refused).toMatchObject({ status: 409, body: { code: 'nothing_to_undo' } });
    await on.merchant('POST', `/v1/subscriptions/${id}/cancel`, {});
    const late = await reactivate();
    expect(late).toMatchObject({ status: 409, body: refused.body });
    expect(late.headers.get('content-type')).toContain('problem+json');
    expect((await on.engine.get(id)).cancelAt).not.toBeNull();
  });

  test('what was not found may be found later', async () => {
    const key = newKey();
    const cancel = () =>
      on.merchant('POST', '/v1/subscriptions/sub_9999999999999/cancel', { when: 'now' }, key);
    expect((await cancel()).status).toBe(404);
    const { id } = await paidSubscription();
    const state = on.engine.states.get(id);
    if (state) on.engine.states.set('sub_9999999999999', state);
    expect((await cancel()).status).toBe(200);
  });

  test('a failure of ours is not kept, and leaves the key free', async () => {
    const { id } = await paidSubscription();
    const key = newKey();
    const broken = await on.again({
      engine: engineWith('cancel', () => Promise.reject(new Error('broken'))),
    });
    expect((await broken.merchant('POST', `/v1/subscriptions/${id}/cancel`, {}, key)).status).toBe(500);
    expect((await on.merchant('POST', `/v1/subscriptions/${id}/cancel`, {}, key)).status).toBe(200);
  });

  test('no answer in time: 202 with where to look; the repeat gets what came of it, and it took effect once', async () => {
    const { id } = await paidSubscription();
    const key = newKey();
    const late = await on.again({
      engine: engineWith('cancel', async (...args: Parameters<typeof on.engine.cancel>) => {
        await on.engine.cancel(...args);
        throw new UnansweredError(id);
      }),
    });
    const cancel = { when: 'now', refund: 'full' };
    const pending = await late.merchant('POST', `/v1/subscriptions/${id}/cancel`, cancel, key);
    expect(pending).toMatchObject({
      status: 202,
      body: { status: 'pending', statusUrl: `http://pay.example.com/v1/subscriptions/${id}` },
    });
    const answer = await on.merchant('POST', `/v1/subscriptions/${id}/cancel`, cancel, key);
    expect(answer).toMatchObject({ status: 200, body: { accepted: true } });
    expect((await on.engine.get(id)).refunds).toHaveLength(1);
  });

  test('an answer that could not be kept is given all the same; the repeat has no second effect', async () => {
    const { payment } = await paidSubscription();
    const key = newKey();
    const amount = { amount: 1000, currency: 'KRW' };
    const refund = (merchant: typeof on.merchant) =>
      merchant<{ refundId: string }>('POST', `/v1/payments/${payment}/refunds`, { amount }, key);
    const finishRequest = () => Promise.reject(new Error('no space left'));
    const forgetful = await on.again({ store: { ...on.store, finishRequest } });
    const first = await refund(forgetful.merchant);
    expect(first.status).toBe(202);
    await passesTheLock(on);
    const again = await refund(on.merchant);
    expect(again).toMatchObject({ status: 202, body: { refundId: first.body.refundId } });
    expect((await on.engine.get(`sub_${payment.slice(4, 17)}`)).refunds).toHaveLength(1);
  });

  test('the answer outlives the workflow', async () => {
    const { id } = await paidSubscription();
    const key = newKey();
    const first = await on.merchant('POST', `/v1/subscriptions/${id}/cancel`, {}, key);
    on.engine.states.delete(id);
    expect(await on.merchant('POST', `/v1/subscriptions/${id}/cancel`, {}, key)).toMatchObject({
      status: 200,
      body: first.body,
    });
  });

  test('the record holds neither people nor the address of a checkout page', async () => {
    const key = newKey();
    const opened = await on.merchant<{ url: string }>('POST', '/v1/checkouts', checkout, key);
    const customer = await on.merchant('POST', '/v1/customers', MINJI, key);
    expect((await on.merchant('POST', '/v1/customers', MINJI, key)).body).toEqual(customer.body);
    const kept = JSON.stringify(await on.db.query('select * from requests'));
    const token = opened.body.url.split('/').pop() ?? '';
    for (const secret of [token, ...Object.values(MINJI)]) expect(kept).not.toContain(secret);
  });
});

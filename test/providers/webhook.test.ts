import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { readWebhookV1 } from '#providers/steppay/webhook';
import { LARGEST_AGE_MS, readWebhookV2 } from '#providers/steppay/webhook-v2';

const ID_KEY = '16057932413479698c8vqQG0kMix9';
const ORDER = '900719925474099321';
const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

describe('a v1 webhook', () => {
  const read = (body: string, type: string | undefined = JSON_TYPE) => readWebhookV1(Buffer.from(body), type);

  test('as JSON, with all 18 digits of an orderId beyond 2^53', () => {
    const body = `{"webHookType":"PAYMENT","orderId":${ORDER},"idKey":"${ID_KEY}"}`;
    const hint = { order: ORDER, idKey: ID_KEY, type: 'PAYMENT' };
    expect(read(body)).toEqual({ hint });
    expect(read(body, 'Application/JSON; charset=UTF-8')).toEqual({ hint });
    expect(read(body.replace(ORDER, `"${ORDER}"`))).toEqual({ hint });
  });

  test('as the guide’s own sample', () => {
    const sample = `{\n  "webHookType": "PAYMENT",\n  "orderId": 1,\n  "idKey": "${ID_KEY}"\n}`;
    expect(read(sample)).toEqual({ hint: { order: '1', idKey: ID_KEY, type: 'PAYMENT' } });
  });

  test('form-encoded', () => {
    const body = `webHookType=CANCELED&orderId=${ORDER}&idKey=${ID_KEY}`;
    expect(read(body, FORM_TYPE)).toEqual({ hint: { order: ORDER, idKey: ID_KEY, type: 'CANCELED' } });
    expect(read(body, `${FORM_TYPE};charset=utf-8`)).toHaveProperty('hint');
  });

  test('an unknown type is passed on, and nothing but the three fields is kept', () => {
    const body = {
      webHookType: 'NEW_KIND',
      orderId: ORDER,
      idKey: ID_KEY,
      customer: { phone: '01012345678' },
    };
    expect(read(JSON.stringify(body))).toEqual({ hint: { order: ORDER, idKey: ID_KEY, type: 'NEW_KIND' } });
  });

  test.each([
    ['empty', ''],
    ['not JSON', '{"webHookType":'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '7'],
    ['no type', `{"orderId":1,"idKey":"${ID_KEY}"}`],
    ['no idKey', '{"webHookType":"PAYMENT","orderId":1}'],
    ['a path for an idKey', '{"webHookType":"PAYMENT","orderId":1,"idKey":"../../admin"}'],
    ['a fraction for an order', `{"webHookType":"PAYMENT","orderId":1.5,"idKey":"${ID_KEY}"}`],
    ['a negative order', `{"webHookType":"PAYMENT","orderId":-1,"idKey":"${ID_KEY}"}`],
    ['an exponent', `{"webHookType":"PAYMENT","orderId":1e30,"idKey":"${ID_KEY}"}`],
    ['twenty digits', `{"webHookType":"PAYMENT","orderId":12345678901234567890,"idKey":"${ID_KEY}"}`],
    ['an object for an order', `{"webHookType":"PAYMENT","orderId":{"a":1},"idKey":"${ID_KEY}"}`],
    ['a type with a line break', `{"webHookType":"PAY\\nMENT","orderId":1,"idKey":"${ID_KEY}"}`],
    ['fields in a prototype', `{"__proto__":{"webHookType":"PAYMENT","orderId":1,"idKey":"${ID_KEY}"}}`],
    [
      'the names of the language',
      '{"webHookType":"constructor","orderId":"constructor","idKey":"__proto__"}',
    ],
  ])('%s is refused', (_name, body) => {
    expect(read(body)).toEqual({ reason: expect.any(String) });
  });

  test('refuses another content type, none, and a body that is too large', () => {
    const body = `{"webHookType":"PAYMENT","orderId":1,"idKey":"${ID_KEY}"}`;
    for (const type of [undefined, '', 'text/plain', 'multipart/form-data', 'application/jsonp'])
      expect(readWebhookV1(Buffer.from(body), type)).toHaveProperty('reason');
    expect(read(`${' '.repeat(20_000)}${body}`)).toEqual({ reason: 'the body is too large' });
  });

  test('never throws, and a reason never quotes the body', () => {
    const types = fc.constantFrom(JSON_TYPE, FORM_TYPE, undefined, 'text/html');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), types, (bytes, type) => {
        const answer = readWebhookV1(Buffer.from(bytes), type);
        expect('hint' in answer || typeof answer.reason === 'string').toBe(true);
      }),
    );
    const answer = read('{"webHookType":"PAYMENT","orderId":"S3CRET","idKey":"01012345678 kim"}');
    expect(JSON.stringify(answer)).not.toMatch(/S3CRET|0101|kim/);
    expect(answer).toEqual({ reason: 'not a webhook: orderId, idKey missing or malformed' });
  });
});

describe('a v2 webhook', () => {
  const now = 1_706_002_316_000;
  const event = {
    timestamp: 1_706_002_316,
    version: 'v1',
    event: 'payment.completed',
    data: { idKey: ID_KEY, orderId: ORDER, paymentOnly: true, payer: { phone: '01012345678' } },
  };
  const body = JSON.stringify(event);
  const sign = (key: string, text = body, seconds = 1_706_002_316): string =>
    createHmac('sha256', key).update(`${seconds}.${text}`).digest('base64');
  const read = (signature: string | undefined, keys = ['new', 'old'], text = body, at = now) =>
    readWebhookV2({ rawBody: Buffer.from(text), signature, keys, now: at });
  const header = (...signatures: string[]) => `timestamp=1706002316,key=${signatures.join(';')}`;

  test('signed with any of our keys, by any of its signatures', () => {
    const hint = { order: ORDER, idKey: ID_KEY, type: 'PAYMENT' };
    expect(read(header(sign('new')))).toEqual({ hint, signed: true });
    expect(read(header(sign('retired'), sign('old')))).toEqual({ hint, signed: true });
  });

  test('the order number may be a bare number beyond 2^53', () => {
    const bare = body.replace(`"${ORDER}"`, ORDER);
    expect(read(header(sign('new', bare)), ['new'], bare)).toMatchObject({ hint: { order: ORDER } });
  });

  test('another key, another body, another time, no key, no header', () => {
    expect(read(header(sign('stranger')))).toEqual({ reason: 'the signature does not match' });
    expect(read(header(sign('new', `${body} `)))).toEqual({ reason: 'the signature does not match' });
    expect(read(`timestamp=1706002317,key=${sign('new')}`)).toEqual({
      reason: 'the signature does not match',
    });
    expect(read(header(sign('')), [''])).toEqual({ reason: 'the signature does not match' });
    expect(read(header(sign('new')), [])).toEqual({ reason: 'the signature does not match' });
    for (const broken of [undefined, '', 'key=', 'timestamp=1706002316', `timestamp=x,key=${sign('new')}`])
      expect(read(broken)).toEqual({ reason: 'the signature header is missing or malformed' });
    expect(read(header('AAAA', '=', ''))).toEqual({ reason: 'the signature does not match' });
  });

  test('ten minutes old or ahead is the limit', () => {
    for (const sign_ of [1, -1]) {
      expect(read(header(sign('new')), ['new'], body, now + sign_ * LARGEST_AGE_MS)).toHaveProperty('hint');
      expect(read(header(sign('new')), ['new'], body, now + sign_ * (LARGEST_AGE_MS + 1))).toHaveProperty(
        'reason',
      );
    }
  });

  test.each([
    ['payment.failed', 'FAILED'],
    ['payment.canceled', 'CANCELED'],
    ['payment.standby', 'payment.standby'],
  ])('%s is %s', (name, type) => {
    const text = JSON.stringify({ ...event, event: name });
    expect(read(header(sign('new', text)), ['new'], text)).toMatchObject({ hint: { type } });
  });

  test('what is not of a self-managed payment is no hint, though it is signed', () => {
    for (const other of [
      { ...event, event: 'subscription.updated' },
      { ...event, data: { ...event.data, paymentOnly: false } },
      { ...event, data: { ...event.data, idKey: null } },
      {},
    ]) {
      const text = JSON.stringify(other);
      expect(read(header(sign('new', text)), ['new'], text)).toHaveProperty('reason');
    }
  });
});

import fc from 'fast-check';
import type { Answer } from '#providers/steppay/client';
import { createClassify } from '#providers/steppay/declines';
import { parseJsonExactly } from '#providers/steppay/json';
import { readReceipt, utcInstant } from '#providers/steppay/receipt';
import {
  readCancelAnswer,
  readChargeAnswer,
  readRefusal,
  readTrace,
  wholeWon,
} from '#providers/steppay/wire';

const classify = createClassify();
const ID_KEY = '1687155595516RTWz7FvxD98jr2ya';
const COMPLETE = {
  idKey: ID_KEY,
  partnerOrderId: '100000000000000001',
  partnerUserId: 'customer-1',
  amount: 9_900,
  discount: 0,
  paymentStatus: 'COMPLETE',
  paymentDate: '2023-06-19T06:19:55.317',
  paymentMethod: 'CARD_BILL',
  paymentGateway: 'NICE',
  cardNumber: '5409-26**-****-1234',
};

const answered = (body: unknown, status = 200): Answer => ({
  kind: 'answered',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const read = (changes: object) => readReceipt(ID_KEY, answered({ ...COMPLETE, ...changes }), classify);

describe('JSON with all its digits', () => {
  test('a whole number beyond 2^53 comes as its text, smaller ones and fractions as numbers', () => {
    const text =
      '{"a":100000000000000001,"b":9900,"c":[-9007199254740993],"d":1.5,"e":"12345678901234567890"}';
    expect(parseJsonExactly(text)).toEqual({
      a: '100000000000000001',
      b: 9_900,
      c: ['-9007199254740993'],
      d: 1.5,
      e: '12345678901234567890',
    });
  });

  test('digits inside strings, with quotes and backslashes around them, are left alone', () => {
    const value = { 'k"1234567890123456789': 'x\\"1234567890123456789\\', z: '\\' };
    expect(parseJsonExactly(JSON.stringify(value))).toEqual(value);
  });

  test('whatever JSON.parse reads, it reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\d{16}/.test(text));
        expect(parseJsonExactly(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('what is not JSON does not become it', () => {
    for (const text of ['{100000000000000001:1}', '0000000000000000001', '"', '{"a":1', ''])
      expect(() => parseJsonExactly(text)).toThrow(SyntaxError);
  });
});

test('an amount is whole won, as a number or as text', () => {
  expect([9_900, '9900', '9900.00', 0, -5].map(wholeWon)).toEqual([9_900, 9_900, 9_900, 0, -5]);
  for (const none of [99.5, '99.5', '9,900', '', ' 1', 'NaN', Number.NaN, 1e21, null, undefined, {}, true])
    expect(wholeWon(none)).toBeUndefined();
});

describe('the answer to a charge', () => {
  test('names the payment at the top or inside the envelope', () => {
    expect(readChargeAnswer(`{"idKey":"${ID_KEY}"}`, 'key')).toBe(ID_KEY);
    expect(readChargeAnswer(`{"result":true,"response":{"idKey":"${ID_KEY}"}}`, 'key')).toBe(ID_KEY);
    expect(readChargeAnswer(JSON.stringify(COMPLETE), 'key')).toBe(ID_KEY);
  });

  test('the billing key echoed is not the payment', () => {
    expect(readChargeAnswer(`{"idKey":"${ID_KEY}"}`, ID_KEY)).toBeUndefined();
    expect(readChargeAnswer(`{"idKey":"key","response":{"idKey":"${ID_KEY}"}}`, 'key')).toBe(ID_KEY);
  });

  test('names nothing when it is empty, broken, or something else', () => {
    const bodies = ['', '{', 'null', '[]', '{}', '"x"', '{"idKey":null}', '{"idKey":{}}', '{"idKey":"../x"}'];
    for (const body of [...bodies, '{"response":"x"}', '<html>'])
      expect(readChargeAnswer(body, 'key')).toBeUndefined();
  });
});

test('a refusal needs an errorCode; a number will do; a trace must be fit for a log line', () => {
  expect(readRefusal('{"errorCode":"3081","errorMessage":"한도초과"}')).toEqual({
    code: '3081',
    message: '한도초과',
  });
  expect(readRefusal('{"errorCode":3081}')).toEqual({ code: '3081', message: '' });
  for (const body of ['', '{}', '{"errorCode":""}', '{"errorCode":null}', '{"message":"x"}', '[]', '<html>'])
    expect(readRefusal(body)).toBeUndefined();
  expect(readTrace('{"traceId":"7f-1"}')).toBe('7f-1');
  expect(readTrace('{"traceId":"a b\\nc"}')).toBeUndefined();
});

test('the envelope of a refund', () => {
  const cancelPayment = { canceledAmount: '1000', paymentStatus: 'PARTIAL_CANCELED' };
  const body = { result: true, code: 0, message: '', id: 'x', response: { cancelPayment } };
  expect(readCancelAnswer(JSON.stringify(body))).toMatchObject({
    result: true,
    status: 'PARTIAL_CANCELED',
    cancelled: 1_000,
  });
  expect(readCancelAnswer('{"result":false,"code":2032,"message":"x"}')).toMatchObject({
    result: false,
    code: '2032',
  });
  expect(readCancelAnswer('{"result":"false"}')?.result).toBeUndefined();
  expect(readCancelAnswer('nonsense')).toBeUndefined();
});

describe('a receipt', () => {
  test('is read at the top, in `response` and in `body`', () => {
    for (const body of [COMPLETE, { result: true, response: COMPLETE }, { message: '', body: COMPLETE }])
      expect(readReceipt(ID_KEY, answered(body), classify)).toEqual({
        kind: 'receipt',
        idKey: ID_KEY,
        status: 'COMPLETE',
        rawStatus: 'COMPLETE',
        order: '100000000000000001',
        partnerUserId: 'customer-1',
        total: 9_900,
        paid: {
          total: 9_900,
          paidAt: '2023-06-19T06:19:55.317Z',
          methodLabel:
            '****-**-****-1234'.replace('****-**-', '****-****-').slice(0, 0) +
              '****-****-****-1234'.slice(0, 0) +
              '****-****'.slice(0, 0) +
              '****-26**'.slice(0, 0) +
              '****-****-****-1234'.slice(0, 0) || '****-****-****-1234',
          method: 'CARD_BILL',
          gateway: 'NICE',
        },
      });
  });

  test('numbers may be text, and the order number may be a bare number beyond 2^53', () => {
    const bare = JSON.stringify(COMPLETE).replace('"100000000000000001"', '100000000000000001');
    expect(readReceipt(ID_KEY, answered(bare), classify)).toMatchObject({ order: '100000000000000001' });
    expect(read({ amount: '9900.00', discount: '900' })).toMatchObject({ total: 9_000 });
    expect(read({ discount: null })).toMatchObject({ total: 9_900 });
    expect(read({ partnerUserId: 7 })).toMatchObject({ partnerUserId: '7' });
  });

  test('without one of the four things that acceptance needs it is unreadable', () => {
    for (const lacking of ['partnerOrderId', 'partnerUserId', 'amount', 'paymentStatus'])
      expect(read({ [lacking]: undefined })).toMatchObject({ kind: 'unreadable' });
    for (const wrong of [{ amount: 99.5 }, { amount: 'free' }, { discount: 'some' }, { idKey: 'another1' }])
      expect(read(wrong)).toMatchObject({ kind: 'unreadable' });
  });

  test('an unknown status is unknown, with the name that came', () => {
    for (const paymentStatus of ['SUCCESS', 'complete', '__proto__', 'constructor'])
      expect(read({ paymentStatus })).toMatchObject({ status: 'unknown', rawStatus: paymentStatus });
  });

  test('says that there is no such payment only by 404 with an errorCode', () => {
    const notFound = (body: unknown, status: number) =>
      readReceipt(ID_KEY, answered(body, status), classify).kind;
    expect(notFound({ errorCode: 'NOT_FOUND' }, 404)).toBe('notFound');
    expect(notFound('<html>not here</html>', 404)).toBe('unreadable');
    for (const status of [204, 301, 400, 401, 403, 500, 503])
      expect(notFound({ errorCode: 'NOT_FOUND' }, status)).toBe('unreadable');
    for (const body of ['', 'null', '[]', '"COMPLETE"', '{"idKey":'])
      expect(notFound(body, 200)).toBe('unreadable');
  });

  test('the cancelled amount stands wherever it may', () => {
    const partly = { paymentStatus: 'PARTIAL_CANCELED' };
    const history = [{ canceledAmount: 1_000 }, { canceledAmount: '2000' }];
    for (const says of [
      { canceledAmount: 3_000 },
      { cancel: { canceledAmount: '3000' } },
      { cancelPayment: { canceledAmount: 3_000 } },
      { cancelHistory: history },
      // `cancel` may be the last refund alone: what is larger counts.
      { cancel: { canceledAmount: 2_000 }, cancelHistory: history },
    ])
      expect(read({ ...partly, ...says })).toMatchObject({ cancelled: 3_000 });
  });

  test('a cancelled amount that is not said is not made up', () => {
    for (const says of [{}, { cancel: null }, { cancelHistory: [] }, { cancel: { canceledAmount: 'all' } }])
      for (const paymentStatus of ['CANCELED', 'PARTIAL_CANCELED', 'CANCEL_PROGRESS'])
        expect(read({ paymentStatus, ...says })).not.toHaveProperty('cancelled');
    expect(read({})).not.toHaveProperty('cancelled');
    expect(read({ cancel: null })).toMatchObject({ cancelled: 0 });
    expect(read({ cancelHistory: [] })).toMatchObject({ cancelled: 0 });
  });

  test('a failed one has its decline, unless the code leaves open whether it was paid', () => {
    const failed = { paymentStatus: 'FAILED', errorCode: '3081', errorMessage: '한도초과' };
    expect(read(failed)).toMatchObject({ decline: { class: 'funds', code: '3081', message: '한도초과' } });
    expect(read({ ...failed, errorCode: null, errorMessage: null })).toMatchObject({
      decline: { class: 'funds', code: 'unknown', message: '' },
    });
    expect(read({ ...failed, errorCode: 'X003', errorMessage: '' })).not.toHaveProperty('decline');
    expect(read({ ...failed, paymentStatus: 'COMPLETE' })).not.toHaveProperty('decline');
  });

  test('keeps no more of an account number than its last four digits', () => {
    expect(read({ cardNumber: '국민 12345678901234' })).toMatchObject({
      paid: { methodLabel: '국민 **********1234' },
    });
    expect(read({ cardNumber: '카카오페이 머니' })).toMatchObject({
      paid: { methodLabel: '카카오페이 머니' },
    });
  });

  test('whatever is sent, nothing is thrown, and paid needs all of it', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record({ paymentStatus: fc.constant('COMPLETE'), amount: fc.anything() }),
    );
    fc.assert(
      fc.property(anything, (value) => {
        const { kind } = readReceipt(ID_KEY, answered(JSON.stringify(value) ?? ''), classify);
        expect(['unreadable', 'receipt']).toContain(kind);
      }),
    );
  });
});

test('a time without a zone is UTC', () => {
  expect(utcInstant('2023-06-19T06:19:55.317')).toBe('2023-06-19T06:19:55.317Z');
  expect(utcInstant('2023-06-19 06:19:55')).toBe('2023-06-19T06:19:55.000Z');
  expect(utcInstant('2023-06-19T15:19:55+09:00')).toBe('2023-06-19T06:19:55.000Z');
  expect(utcInstant('2023-06-19T06:19:55.123456789')).toBe('2023-06-19T06:19:55.123Z');
  for (const none of ['', '2023-06-19', 'soon', '2023-13-01T00:00', undefined])
    expect(utcInstant(none)).toBeUndefined();
});

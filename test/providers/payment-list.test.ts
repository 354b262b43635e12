import { localInstant } from '#domain/calendar';
import { recordsOf } from '#providers/steppay/csv';
import { decodePaymentList, readPaymentList } from '#providers/steppay/payment-list';

const ZONE = 'Asia/Seoul';
const ORDER = '123456789012300002';
const KEY = '1687155595516RTWz7FvxD98jr2ya';
const read = (text: string) => readPaymentList(text, ZONE);

test('English headers, and columns that are not kept', () => {
  const text = `idKey,name,Partner Order ID,amount,status,canceledAmount,paidAt\n${KEY},김하늘,${ORDER},9900,COMPLETE,0,2027-02-28T00:00:05Z\n`;
  expect(read(text)).toEqual({
    lines: [
      {
        order: ORDER,
        idKey: KEY,
        amount: 9900,
        status: 'paid',
        cancelled: 0,
        at: Date.UTC(2027, 1, 28, 0, 0, 5),
      },
    ],
  });
});

test('Korean headers as spreadsheets write them: separators in amounts, quotes, CRLF, local time, a line of sums', () => {
  const text = [
    '주문번호,결제 상태,결제 금액,취소금액,결제 일시',
    `="${ORDER}",부분취소,"9,900원","3,000",2027-02-28 09:00`,
    `${ORDER},결제완료,₩9900,,2027. 3. 1.`,
    ',,"19,800",,',
  ].join('\r\n');
  expect(read(`\uFEFF${text}`)).toEqual({
    lines: [
      {
        order: ORDER,
        amount: 9900,
        status: 'partlyCanceled',
        cancelled: 3000,
        at: localInstant('2027-02-28', '09:00', ZONE),
      },
      {
        order: ORDER,
        amount: 9900,
        status: 'paid',
        cancelled: 0,
        at: localInstant('2027-03-01', '00:00', ZONE),
      },
    ],
  });
});

test.each([
  ['utf-8', Buffer.from('주문번호', 'utf8')],
  ['utf-8 with its mark', Buffer.from('\uFEFF주문번호', 'utf8')],
  ['cp949', Buffer.from([0xc1, 0xd6, 0xb9, 0xae, 0xb9, 0xf8, 0xc8, 0xa3])],
  ['utf-16', Buffer.from('\uFEFF주문번호', 'utf16le')],
])('text in %s', (_name, bytes) => {
  expect(decodePaymentList(bytes).replace('\uFEFF', '')).toBe('주문번호');
});

test('what is wrong is told by its place, without quoting anybody', () => {
  const faults = (text: string) => {
    const answer = read(text);
    return 'faults' in answer ? answer.faults : [];
  };
  expect(faults('')).toEqual(['the list is empty']);
  expect(faults('주문번호,이름\n1,김하늘')[0]).toMatch(/no column for amount .*; status/);
  expect(faults(`orderId,amount,status\n${ORDER},김하늘,COMPLETE`)).toEqual([
    'record 2: the amount is not in whole won',
  ]);
  expect(faults('orderId,amount,status\n1.23457E+17,9900,COMPLETE')[0]).toMatch(/spreadsheet has rounded/);
  expect(faults(`orderId,amount,status,date\n${ORDER},9900,COMPLETE,yesterday`)[0]).toMatch(/date/);
  expect(faults(`orderId,amount,status,idKey\n${ORDER},9900,COMPLETE,a b`)[0]).toMatch(/id key/);
  expect(faults(`orderId,amount,status\n${`${ORDER},x,COMPLETE\n`.repeat(100)}`)).toHaveLength(20);
});

test('a status that nobody has heard of is kept as such; a whole cancellation is of the whole amount', () => {
  const text = `order_id;amount;status\n${ORDER};9900;TELEPORTED\n${ORDER};9900;취소`;
  expect(read(text)).toMatchObject({ lines: [{ status: 'other' }, { status: 'canceled', cancelled: 9900 }] });
});

test('fields with quotes, separators and line ends in them', () => {
  expect([...recordsOf('a,"b ""x"", y\nz",\r\n\r\n"never closed')]).toEqual([
    ['a', 'b "x", y\nz', ''],
    ['never closed'],
  ]);
});

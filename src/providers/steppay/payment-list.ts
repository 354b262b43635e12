import { localInstant, parseInstant } from '#domain/calendar';
import type { ListedPayment, ListedStatus } from '#domain/listed-payment';
import type { PaymentList } from '#providers/provider';
import { recordsOf } from './csv';
import { isIdKey, wholeWon } from './wire';

/**
 * The list of payments that a person exports from the provider's console. Nobody has documented its columns, so they are found
 * by their names, in English or Korean; see docs/operations.md. Other columns (names, telephone numbers) are not kept.
 */

type Column = 'order' | 'idKey' | 'amount' | 'status' | 'cancelled' | 'at';

/** Names without their spaces and signs, in lower case. */
const NAMES: Readonly<Record<Column, readonly string[]>> = {
  order: [
    'partnerorderid',
    'orderid',
    'orderno',
    'ordernumber',
    '주문번호',
    '가맹점주문번호',
    '상점주문번호',
  ],
  idKey: ['idkey', 'paymentkey', '결제키', '결제고유번호', '결제번호'],
  amount: ['amount', 'paidamount', 'totalamount', '결제금액', '금액', '승인금액'],
  status: ['status', 'paymentstatus', '결제상태', '상태'],
  cancelled: ['canceledamount', 'cancelledamount', 'refundedamount', '취소금액', '환불금액'],
  at: ['paidat', 'paymentdate', 'date', '결제일', '결제일시', '결제일자', '승인일시', '날짜'],
};
const REQUIRED: readonly Column[] = ['order', 'amount', 'status'];

const STATUSES: Readonly<Record<string, ListedStatus>> = {
  complete: 'paid',
  completed: 'paid',
  paid: 'paid',
  canceledfail: 'paid',
  결제완료: 'paid',
  완료: 'paid',
  성공: 'paid',
  취소실패: 'paid',
  partialcanceled: 'partlyCanceled',
  부분취소: 'partlyCanceled',
  부분환불: 'partlyCanceled',
  canceled: 'canceled',
  cancelled: 'canceled',
  refunded: 'canceled',
  취소: 'canceled',
  결제취소: 'canceled',
  취소완료: 'canceled',
  전체취소: 'canceled',
  환불: 'canceled',
  환불완료: 'canceled',
  failed: 'failed',
  usercanceled: 'failed',
  실패: 'failed',
  결제실패: 'failed',
  사용자취소: 'failed',
  standby: 'waiting',
  cmsstandby: 'waiting',
  virtualbankstandby: 'waiting',
  대기: 'waiting',
  결제대기: 'waiting',
  입금대기: 'waiting',
};

const MOST_FAULTS = 20;

/** The text of an exported file: UTF-8 with or without its mark, UTF-16, or CP949, which Korean spreadsheets write. */
export function decodePaymentList(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The encoding that the web calls euc-kr is CP949.
    return new TextDecoder('euc-kr').decode(bytes);
  }
}

/**
 * Reads the list, or says what is wrong with it by line; faults quote nothing. Times without an offset are local to `zone`.
 * A list with one bad line is refused as a whole: half a list would report what it lacks as lost.
 */
export function readPaymentList(text: string, zone: string): PaymentList {
  const records = recordsOf(text.replace(/^\uFEFF/, ''));
  const header = records.next();
  if (header.done) return { faults: ['the list is empty'] };
  const columns = columnsOf(header.value);
  const missing = REQUIRED.filter((name) => !columns.has(name));
  if (missing.length > 0) {
    const names = missing.map((name) => `${name} (${NAMES[name].join(', ')})`);
    return { faults: [`the first line names no column for ${names.join('; ')}`] };
  }
  const lines: ListedPayment[] = [];
  const faults: string[] = [];
  let number = 1;
  for (const record of records) {
    number += 1;
    const field = (name: Column) => record[columns.get(name) ?? -1] ?? '';
    // A line of sums, or of a payment that was made without an order.
    if (field('order') === '') continue;
    const read = readLine(field, zone);
    if (typeof read === 'string') faults.push(`record ${number}: ${read}`);
    else lines.push(read);
    if (faults.length >= MOST_FAULTS) break;
  }
  return faults.length > 0 ? { faults } : { lines };
}

function columnsOf(header: readonly string[]): Map<Column, number> {
  const given = header.map(bare);
  const columns = new Map<Column, number>();
  for (const [column, names] of Object.entries(NAMES) as [Column, readonly string[]][]) {
    // In the order of the names: the more special one is meant where both are there.
    const found = names.map((name) => given.indexOf(name)).find((index) => index >= 0);
    if (found !== undefined) columns.set(column, found);
  }
  return columns;
}

function readLine(field: (name: Column) => string, zone: string): ListedPayment | string {
  // Some exports write ="123" or '123, so that a spreadsheet takes a long number for text.
  const order = field('order').replace(/^="?|^'|"$/g, '');
  if (/^\d(\.\d+)?E\+\d+$/i.test(order))
    return 'a spreadsheet has rounded the order number; export the list again and do not open it in between';
  const amount = wonOf(field('amount'));
  if (amount === undefined) return 'the amount is not in whole won';
  const status = STATUSES[bare(field('status'))] ?? 'other';
  const idKey = field('idKey');
  if (idKey !== '' && !isIdKey(idKey)) return 'the id key is not one';
  const said = field('cancelled') === '' ? undefined : wonOf(field('cancelled'));
  if (said === undefined && field('cancelled') !== '') return 'the cancelled amount is not in whole won';
  const at = timeOf(field('at'), zone);
  if (Number.isNaN(at)) return 'the date is none that is understood';
  const cancelled = said ?? impliedBy(status, amount);
  return {
    order,
    amount,
    status,
    ...(idKey !== '' && { idKey }),
    ...(cancelled !== undefined && { cancelled }),
    ...(at !== undefined && { at }),
  };
}

/** What a status says about the cancelled amount where the list has no column for it. */
function impliedBy(status: ListedStatus, amount: number): number | undefined {
  if (status === 'canceled') return amount;
  return status === 'paid' ? 0 : undefined;
}

/** "9,900", "₩9900", "9,900원", "9900.00" */
function wonOf(text: string): number | undefined {
  const won = wholeWon(text.replace(/[₩\s,]|원$|KRW/gi, ''));
  return won === undefined || won < 0 ? undefined : won;
}

/** NaN for a date that cannot be read; undefined where there is none. */
function timeOf(text: string, zone: string): number | undefined {
  if (text === '') return undefined;
  const [, y, m, d, time = '00:00', offset] =
    /^(\d{4})[-./]\s?(\d{1,2})[-./]\s?(\d{1,2})\.?(?:[T ]+(\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(
      text,
    ) ?? [];
  if (!y || !m || !d) return Number.NaN;
  const date = `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
  const clock = time.padStart(time.indexOf(':') === 1 ? time.length + 1 : time.length, '0');
  try {
    if (!offset) return localInstant(date, clock, zone);
    return parseInstant(`${date}T${clock.length === 5 ? `${clock}:00` : clock}${offset}`);
  } catch {
    return Number.NaN;
  }
}

function bare(text: string): string {
  return text.toLowerCase().replace(/[\s_\-()[\].:/]/g, '');
}

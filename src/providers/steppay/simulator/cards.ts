import type { Effect } from './faults';

/** A test card. Its behaviour belongs to the billing key that it issues. */
export interface Card {
  /** The name is a sentence about the customer's card; scenarios read so. */
  readonly name: string;
  /** For the payment window, Korean. */
  readonly label: string;
  readonly gateway: string;
  /** As the receipt shows it. */
  readonly number: string;
  /** What happens to the first payment; it is paid when absent. */
  readonly first?: Effect;
  /** What happens to renewals, and to how many of them (all when absent); then they are paid. */
  readonly renewals?: { readonly effect: Effect; readonly count?: number };
}

const decline = (code: string, message: string): Effect => ({ kind: 'decline', code, message });
const NO_FUNDS = decline('3081', '한도초과');
/** Accepted when it is submitted; the clearing house finds the account empty days later. With a card of no account it is paid. */
const FAILS_LATER: Effect = { kind: 'failsLater', code: '3081', message: '잔액부족' };

/** One row per card; 'declines <n> renewals' is there for every n from 1 to 99, in digits and up to ten as a word. */
export const CARDS: readonly Card[] = [
  { name: 'approves', label: '항상 승인', gateway: 'NICE', number: '5409-26**-****-0001' },
  {
    name: 'declines the first payment',
    label: '첫 결제 거절',
    gateway: 'NICE',
    number: '5409-26**-****-0002',
    first: NO_FUNDS,
  },
  {
    name: 'declines every renewal',
    label: '갱신 결제 항상 거절 (한도초과)',
    gateway: 'NICE',
    number: '5409-26**-****-0003',
    renewals: { effect: NO_FUNDS },
  },
  {
    name: 'has no funds',
    label: '잔액 부족 (카카오페이)',
    gateway: 'KAKAO',
    number: '카카오페이 머니',
    renewals: { effect: decline('NOT_ENOUGH_BALANCE', '잔액이 부족합니다') },
  },
  {
    name: 'is stolen',
    label: '도난 분실 카드',
    gateway: 'NICE',
    number: '5409-26**-****-0004',
    renewals: { effect: decline('3021', '도난분실 카드입니다') },
  },
  {
    name: 'is expired',
    label: '유효기간 만료 (토스)',
    gateway: 'TOSS',
    number: '4330-12**-****-0005',
    renewals: { effect: decline('INVALID_CARD_EXPIRATION', '카드 정보를 다시 확인해주세요. (유효기간)') },
  },
  {
    name: 'needs a call to the issuer',
    label: '카드사 문의 필요',
    gateway: 'NICE',
    number: '5409-26**-****-0006',
    renewals: { effect: decline('3095', '카드사 전화요망') },
  },
  {
    name: 'is under maintenance once',
    label: '은행 점검 1회, 다음은 승인 (카카오페이)',
    gateway: 'KAKAO',
    number: '카카오페이 머니',
    renewals: { effect: decline('UNDER_CONSTRUCTION', '은행 점검 중입니다'), count: 1 },
  },
  {
    name: 'belongs to a shop without a contract',
    label: '가맹점 설정 오류 (이니시스)',
    gateway: 'KG',
    number: '9490-01**-****-0007',
    renewals: { effect: decline('120029', '가맹점한도초과') },
  },
  {
    name: 'answers an unknown code',
    label: '알 수 없는 거절 코드',
    gateway: 'NICE',
    number: '5409-26**-****-0008',
    renewals: { effect: decline('ZZ99', '거절되었습니다') },
  },
  {
    name: 'answers an ambiguous code',
    label: '결과 불명 코드 (청구되지 않음)',
    gateway: 'NICE',
    number: '5409-26**-****-0009',
    renewals: { effect: decline('X003', '응답 없음') },
  },
  {
    name: 'loses one answer',
    label: '한 번 청구 후 응답 유실',
    gateway: 'NICE',
    number: '5409-26**-****-0010',
    renewals: { effect: { kind: 'lostAnswer' }, count: 1 },
  },
  {
    name: 'loses every answer',
    label: '항상 청구 후 응답 유실',
    gateway: 'NICE',
    number: '5409-26**-****-0011',
    renewals: { effect: { kind: 'lostAnswer' } },
  },
  {
    name: 'loses one request',
    label: '한 번 요청 유실 (청구되지 않음)',
    gateway: 'NICE',
    number: '5409-26**-****-0012',
    renewals: { effect: { kind: 'lostRequest' }, count: 1 },
  },
  {
    name: 'is slow',
    label: '3초 후 승인',
    gateway: 'NICE',
    number: '5409-26**-****-0013',
    renewals: { effect: { kind: 'slow', afterMs: 3_000 } },
  },
  {
    name: 'fails every debit after days',
    label: '계좌이체(CMS) 갱신이 며칠 뒤 항상 실패 (잔액부족)',
    gateway: 'NICE',
    number: '국민은행 123456-**-***001',
    renewals: { effect: FAILS_LATER },
  },
  {
    name: 'fails one debit after days',
    label: '계좌이체(CMS) 갱신이 며칠 뒤 한 번 실패',
    gateway: 'NICE',
    number: '국민은행 123456-**-***002',
    renewals: { effect: FAILS_LATER, count: 1 },
  },
  {
    name: 'waits for settlement',
    label: '대기(STANDBY) 후 확정',
    gateway: 'NICE',
    number: '5409-26**-****-0014',
    renewals: { effect: { kind: 'pending' } },
  },
];

const NUMBER_WORDS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** The card of that name; undefined when there is none. */
export function cardNamed(name: string): Card | undefined {
  return CARDS.find((card) => card.name === name) ?? decliningCard(name);
}

function decliningCard(name: string): Card | undefined {
  const word = /^declines (\w+) renewals?$/.exec(name)?.[1];
  if (!word) return undefined;
  const count = /^[1-9]\d?$/.test(word) ? Number(word) : NUMBER_WORDS.indexOf(word) + 1;
  if (count < 1) return undefined;
  return {
    name,
    label: `갱신 결제 ${count}회 거절 후 승인`,
    gateway: 'NICE',
    number: '5409-26**-****-0099',
    renewals: { effect: NO_FUNDS, count },
  };
}

/** What the card does to the renewal after `tried` others. */
export function renewalEffect(card: Card, tried: number): Effect | undefined {
  const { effect, count = Number.POSITIVE_INFINITY } = card.renewals ?? {};
  return tried < count ? effect : undefined;
}

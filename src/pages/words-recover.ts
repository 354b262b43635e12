import type { MethodTrouble } from '#domain/message';
import type { Locale } from '#src/plans';

/** What the page for a failed payment, and for another payment method, says in both languages. */

const ko = {
  title: '구독 결제',
  owedTitle: '구독 요금이 결제되지 않았습니다',
  why: {
    declined: '등록하신 결제 수단으로 결제가 승인되지 않았습니다. 한도나 잔액이 부족했을 수 있습니다.',
    methodDead:
      '등록하신 결제 수단으로는 더 이상 결제할 수 없습니다. 유효기간이 지났거나 사용이 정지된 카드일 수 있습니다. 다른 결제 수단으로 결제해 주세요.',
    callIssuer:
      '카드사에서 고객님의 확인을 기다리고 있습니다. 카드사에 문의하신 뒤 다시 결제하시거나, 다른 결제 수단으로 결제해 주세요.',
    noMethod: '자동 결제에 쓸 결제 수단이 없습니다. 결제하면서 결제 수단을 등록해 주세요.',
    waiting: '지금은 결제사에 연결되지 않아 결제하지 못했습니다. 연결되는 대로 저희가 다시 결제합니다.',
  } satisfies Record<MethodTrouble | 'declined' | 'waiting', string>,
  period: '이용 기간',
  method: '등록된 결제 수단',
  methodKnown: '등록되어 있음',
  methodNone: '없음',
  access: '이용',
  accessUntil: '이용 가능 기한',
  accessOver: '결제되면 다시 이용할 수 있습니다',
  nextTry: '다음 자동 결제',
  nextTryNone: '예정 없음',
  endsAt: '구독 종료 예정',
  payNow: (amount: string) => `${amount} 지금 결제하기`,
  payNowBy: (label: string) => `등록된 결제 수단(${label})으로 바로 결제합니다.`,
  payNowPlain: '등록된 결제 수단으로 바로 결제합니다.',
  payNowDebit: '등록된 계좌에 출금을 신청합니다. 결과는 은행 영업일로 며칠 뒤에 나옵니다.',
  paying: '결제하는 중…',
  payBy: '새 결제 수단',
  another: '다른 결제 수단으로 결제하기',
  anotherOnly: (amount: string) => `새 결제 수단으로 ${amount} 결제하기`,
  anotherText: (amount: string) =>
    `결제창에서 ${amount}을 결제하면, 앞으로의 정기 결제도 새 결제 수단으로 이루어집니다.`,
  formerText:
    '바꾸고 나면 저희는 이전 결제 수단으로 더 이상 결제하지 않습니다. 다만 결제 대행사(스텝페이)가 등록 정보를 삭제하는 기능을 제공하지 않아, 대행사에 남는 등록 정보를 저희가 지울 수는 없습니다.',
  otherDay: '다른 날에 결제하기',
  day: '결제할 날짜',
  move: '이 날짜로 옮기기',
  moving: '옮기는 중…',
  moveText: (from: string, to: string, left: number) =>
    `${from}부터 ${to}까지 고를 수 있습니다. ${left}번 더 옮길 수 있습니다.`,
  moveAccess: (until: string) => `날짜를 옮겨도 이용할 수 있는 기한은 ${until} 그대로입니다.`,
  pendingText:
    '결과가 바로 나오지 않는 결제입니다. 계좌 출금은 은행 영업일로 며칠 걸릴 수 있고, 결과가 나오면 저희가 알려 드립니다.',
  liveTitle: '결제 수단 바꾸기',
  liveText: '지금 결제할 금액은 없습니다.',
  nextCharge: '다음 결제',
  cancelText: '해지가 예약되어 있어 앞으로 결제되는 금액은 없습니다.',
  change: '새 결제 수단 등록하기',
  changeText: '결제창에서 새 결제 수단을 등록합니다. 지금 결제되는 금액은 없습니다.',
  registeringText:
    '새 결제 수단을 확인하고 있습니다. 확인되면 자동으로 바뀌고, 그때까지는 지금 결제 수단이 그대로 쓰입니다.',
  paidTitle: '결제되었습니다. 감사합니다',
  paidText: '구독이 계속됩니다.',
  changedTitle: '결제 수단이 바뀌었습니다',
  changedText: '다음 결제부터 새 결제 수단으로 결제됩니다.',
  said: {
    declined: '다시 시도했지만 결제가 승인되지 않았습니다.',
    asked: '출금을 신청합니다. 결과가 나오면 저희가 알려 드립니다.',
    moved: '다음 결제일을 옮겼습니다.',
    notChanged: '새 결제 수단이 등록되지 않았습니다. 지금 결제 수단이 그대로 쓰입니다.',
  },
  cancelled: '결제창을 닫았습니다. 아무것도 결제되지 않았습니다.',
  windowDeclined: '결제가 승인되지 않았습니다. 다른 카드로 다시 시도해 주세요.',
  refusals: {
    too_many_tries:
      '오늘은 등록된 결제 수단으로 더 시도할 수 없습니다. 내일 다시 시도하시거나 다른 결제 수단으로 결제해 주세요.',
    method_dead: '등록된 결제 수단으로는 더 이상 결제할 수 없습니다. 다른 결제 수단으로 결제해 주세요.',
    charge_held: '이 결제는 저희가 확인하고 있어 지금은 시도할 수 없습니다.',
    moves_used_up: '결제일을 더 옮길 수 없습니다.',
    date_out_of_range: '이 날짜로는 옮길 수 없습니다. 다른 날짜를 골라 주세요.',
    window_open:
      '결제창이 다른 탭이나 창에 열려 있을 수 있습니다. 그곳에서 마치거나 닫아 주세요. 이미 닫으셨다면 버튼을 한 번 더 눌러 주세요.',
    attempts_exhausted: '지금은 결제할 수 없습니다. 판매자에게 문의해 주세요.',
    too_many_requests: '요청이 너무 많습니다. 잠시 후 다시 눌러 주세요.',
  },
};

const en: typeof ko = {
  title: 'Subscription payment',
  owedTitle: 'Your subscription has not been paid',
  why: {
    declined: 'Your payment method did not approve the payment. A limit or a balance may have been too low.',
    methodDead:
      'Your payment method cannot be charged any more: it may have expired or been blocked. Please pay by another one.',
    callIssuer:
      'Your card company wants to hear from you. Please contact it and then pay again, or pay by another method.',
    noMethod: 'There is no payment method to charge. Please register one as you pay.',
    waiting:
      'We could not reach the payment company, so nothing was charged. We try again as soon as we can.',
  },
  period: 'Period',
  method: 'Payment method',
  methodKnown: 'Registered',
  methodNone: 'None',
  access: 'Access',
  accessUntil: 'Access until',
  accessOver: 'Back as soon as it is paid',
  nextTry: 'We try again',
  nextTryNone: 'Not planned',
  endsAt: 'Subscription ends',
  payNow: (amount) => `Pay ${amount} now`,
  payNowBy: (label) => `Charges your payment method (${label}) at once.`,
  payNowPlain: 'Charges your payment method at once.',
  payNowDebit: 'Asks your bank for a debit. The result comes in a few bank days.',
  paying: 'Paying…',
  payBy: 'New payment method',
  another: 'Pay by another method',
  anotherOnly: (amount) => `Pay ${amount} by a new method`,
  anotherText: (amount) =>
    `You pay ${amount} in the payment window, and later charges go to the new method too.`,
  formerText:
    'After that we never charge the former method again. Its registration stays with the payment company (StepPay), which offers no way to delete it, so we cannot delete it either.',
  otherDay: 'Pay on another day',
  day: 'Day of the payment',
  move: 'Move to this day',
  moving: 'Moving…',
  moveText: (from, to, left) =>
    `From ${from} to ${to}. You can move it ${left === 1 ? 'once' : `${left} times`} more.`,
  moveAccess: (until) => `Moving it does not move the end of your access, ${until}.`,
  pendingText:
    'This payment takes a while: a bank debit may need a few bank days. We tell you when its result is there.',
  liveTitle: 'Change your payment method',
  liveText: 'There is nothing to pay now.',
  nextCharge: 'Next charge',
  cancelText: 'Your subscription is cancelled: nothing more is charged.',
  change: 'Register a new method',
  changeText: 'You register it in the payment window. Nothing is charged now.',
  registeringText:
    'We are checking your new payment method. It takes over as soon as that is done; the present one is used until then.',
  paidTitle: 'It is paid. Thank you!',
  paidText: 'Your subscription goes on.',
  changedTitle: 'Your payment method is changed',
  changedText: 'From the next charge on, the new one is charged.',
  said: {
    declined: 'We tried again, and the payment was not approved.',
    asked: 'We ask your bank for the debit, and tell you when the result is there.',
    moved: 'The next payment is moved.',
    notChanged: 'No new payment method was registered. The present one stays.',
  },
  cancelled: 'You closed the payment window. Nothing was charged.',
  windowDeclined: 'The payment was not approved. Please try another card.',
  refusals: {
    too_many_tries:
      'Your payment method cannot be tried again today. Please try tomorrow, or pay by another method.',
    method_dead: 'Your payment method cannot be charged any more. Please pay by another one.',
    charge_held: 'We are looking into this payment, so it cannot be tried at the moment.',
    moves_used_up: 'The payment cannot be moved again.',
    date_out_of_range: 'The payment cannot be moved to that day. Please choose another.',
    window_open:
      'A payment window may be open in another tab. Please finish or close it there. If you have closed it already, press the button once more.',
    attempts_exhausted: 'Nothing can be paid at the moment. Please ask the merchant.',
    too_many_requests: 'Too many requests. Please press again in a moment.',
  },
};

export type RecoverWords = typeof ko;
export const RECOVER_WORDS: Readonly<Record<Locale, RecoverWords>> = { ko, en };

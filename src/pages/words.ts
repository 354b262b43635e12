import type { Locale } from '#src/plans';

/** Everything that the pages say, in both languages. */

const ko = {
  otherLanguage: 'English',
  checkout: '결제',
  plan: '구독 상품',
  today: '오늘 결제',
  firstCharge: '첫 결제',
  nextCharge: '다음 결제일',
  vat: '부가세 포함',
  trial: (days: number) => `${days}일 무료 체험`,
  trialTerms: (days: number, date: string, amount: string, every: string) =>
    `${days}일 동안 무료로 이용하고, ${date}에 ${amount}이 처음 결제됩니다. 그 뒤로는 해지할 때까지 ${every} 같은 카드로 자동 결제됩니다.`,
  paidTerms: (date: string, amount: string, every: string) =>
    `오늘 결제하고, ${date}부터 해지할 때까지 ${every} ${amount}이 같은 카드로 자동 결제됩니다.`,
  freeTerms: '카드는 등록만 되고, 결제되는 금액은 없습니다.',
  untilFirstCharge: '첫 결제일 전에 해지하면 아무 금액도 결제되지 않습니다.',
  pay: (amount: string) => `${amount} 결제하고 시작하기`,
  register: '카드 등록하고 시작하기',
  opening: '결제창을 여는 중…',
  agree: '버튼을 누르면 위의 정기 결제 조건에 동의하게 됩니다.',
  openUntil: (time: string) => `이 결제 페이지는 ${time}까지 열려 있습니다.`,
  cancelled: '결제창을 닫았습니다. 준비되면 다시 눌러 주세요.',
  declined: '결제가 승인되지 않았습니다. 다른 카드로 다시 시도해 주세요.',
  failed: '요청이 닿지 않았습니다. 연결을 확인하고 다시 눌러 주세요.',
  noSdk: '결제 모듈을 불러오지 못했습니다. 페이지를 새로 고쳐 주세요.',
  noScript: '결제하려면 브라우저에서 자바스크립트를 켜 주세요.',
  checkingTitle: '결제를 확인하고 있습니다',
  checkingText: '잠시만 기다려 주세요. 이 창을 닫아도 결제는 그대로 처리되며, 두 번 결제되지 않습니다.',
  checkingLong: '카드사의 답을 기다리고 있습니다. 시간이 조금 더 걸릴 수 있습니다.',
  paidTitle: '구독이 시작되었습니다',
  paidText: '결제가 완료되었습니다. 이용해 주셔서 감사합니다.',
  trialText: '카드가 등록되었습니다. 오늘 결제된 금액은 없습니다.',
  continue: '계속하기',
  back: '돌아가기',
  endedTitle: '이 구독은 종료되었습니다',
  endedText: '이 결제 페이지는 이미 사용되었고, 구독은 종료된 상태입니다.',
  expiredTitle: '결제 페이지가 만료되었습니다',
  expiredText: '다시 구독하려면 처음부터 시작해 주세요. 늦게 결제된 금액이 있다면 자동으로 전액 환불됩니다.',
  unknownTitle: '페이지를 찾을 수 없습니다',
  unknownText: '주소가 잘못되었거나 일부가 빠졌습니다. 받은 링크를 다시 열어 주세요.',
  awayTitle: '잠시 연결할 수 없습니다',
  awayText:
    '잠시 후 페이지를 새로 고쳐 주세요. 이미 결제하셨다면 그대로 처리되며, 다시 결제하지 않으셔도 됩니다.',
  test: '테스트 모드: 실제로 결제되지 않습니다',
};

const en: typeof ko = {
  otherLanguage: '한국어',
  checkout: 'Checkout',
  plan: 'Subscription',
  today: 'Due today',
  firstCharge: 'First charge',
  nextCharge: 'Next charge',
  vat: 'VAT included',
  trial: (days) => `${days} days free`,
  trialTerms: (days, date, amount, every) =>
    `It is free for ${days} days. ${amount} is charged for the first time on ${date}, and then ${every} to the same card until you cancel.`,
  paidTerms: (date, amount, every) =>
    `You pay today. From ${date} on, ${amount} is charged to the same card ${every} until you cancel.`,
  freeTerms: 'Your card is only registered; nothing is charged.',
  untilFirstCharge: 'Cancel before the first charge and you pay nothing.',
  pay: (amount) => `Pay ${amount} and start`,
  register: 'Register a card and start',
  opening: 'Opening the payment window…',
  agree: 'By pressing the button you agree to the recurring charges described above.',
  openUntil: (time) => `This page is open until ${time}.`,
  cancelled: 'You closed the payment window. Press the button again when you are ready.',
  declined: 'The payment was not approved. Please try another card.',
  failed: 'The request did not get through. Check your connection and press the button again.',
  noSdk: 'The payment module could not be loaded. Please reload the page.',
  noScript: 'Please turn on JavaScript in your browser to pay.',
  checkingTitle: 'Checking your payment',
  checkingText:
    'One moment, please. You may close this page: the payment goes through all the same, and never twice.',
  checkingLong: 'We are waiting for the card company. This can take a little longer.',
  paidTitle: 'Your subscription has started',
  paidText: 'Your payment is in. Thank you!',
  trialText: 'Your card is registered. Nothing was charged today.',
  continue: 'Continue',
  back: 'Go back',
  endedTitle: 'This subscription has ended',
  endedText: 'This checkout was used already, and its subscription has ended.',
  expiredTitle: 'This checkout has expired',
  expiredText:
    'To subscribe, please start again. A payment that comes in late is refunded in full, by itself.',
  unknownTitle: 'There is no such page',
  unknownText: 'The address is wrong or incomplete. Please open the link that you were given once more.',
  awayTitle: 'We cannot be reached for a moment',
  awayText:
    'Please reload the page in a little while. If you have paid already it goes through all the same: do not pay again.',
  test: 'Test mode: no real money moves',
};

export type Words = typeof ko;
export const WORDS: Readonly<Record<Locale, Words>> = { ko, en };

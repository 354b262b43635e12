import type { DeclineClass } from '#domain/payment';

/** A class of ours, or one of the two that are no declines: nobody may say "not charged" after them. */
export type CodeClass = DeclineClass | 'ambiguous' | 'alreadyDone';

export const CODE_CLASSES = [
  'funds',
  'methodDead',
  'callIssuer',
  'transient',
  'merchantConfig',
  'ambiguous',
  'alreadyDone',
] as const satisfies readonly CodeClass[];

/** Codes of one gateway by class; 'A124..A126' is a range. */
export type GatewayCodes = Readonly<Partial<Record<CodeClass, readonly string[]>>>;

export interface DeclineTable {
  /** By StepPay's name of the gateway (`paymentGateway` of the receipt). */
  readonly gateways: Readonly<Record<string, GatewayCodes>>;
  /** Codes that many answers share: the message decides first, the code only where the message says nothing. */
  readonly messageFirst: Readonly<Record<string, readonly string[]>>;
  /** Words in the gateway's message, first match wins; spaces and case do not count. */
  readonly words: readonly { readonly class: CodeClass; readonly words: readonly string[] }[];
}

const NICE: GatewayCodes = {
  funds: ['3081'],
  methodDead: ['3011', '3021', 'A124..A126', 'A223', 'F118'],
  callIssuer: ['3095'],
  transient: ['4008', 'X001', 'X002'],
  merchantConfig: ['3012..3014', 'A109', 'A114', 'A224', 'F115..F117'],
  alreadyDone: ['A127', 'A225'],
  ambiguous: ['A226', 'A299', 'A401', 'X003', 'X004'],
};

/**
 * What each gateway's codes mean. StepPay passes them through and has no classes of its own. Taken from the gateways' code
 * books: NICE's public manual (common/code.md), and for Inicis, KakaoPay and Toss those that PortOne publishes for download;
 * the named codes of Toss are its present API's. Old, but the only ones a machine can read: every entry can be overridden.
 */
export const DECLINE_TABLE: DeclineTable = {
  gateways: {
    NICE,
    NICE_V2: NICE,
    KG: {
      funds: ['120016', '120049', '120054', '1200G6', '1200FY', '1200GI'],
      methodDead: [...['120001', '120004', '120023', '120026', '1200B2', '1200FW', '1200FX'], '550997'],
      callIssuer: ['120021', '120070..120099'],
      transient: ['120035..120046', '1200A8', '1200B9', '1200BN', '1200E4', '1200E8'],
      merchantConfig: ['120007', '120029', '1200F9', '550431..550434'],
      ambiguous: ['500053..500055'],
    },
    KAKAO: {
      funds: ['LACK_BALANCE', 'NOT_ENOUGH_BALANCE', 'LIMIT_ONE_TIME', 'LIMIT_USE_PER_DAY', '-752'],
      methodDead: ['-750', '-751', 'INVALID_PAYMENT_KEY', 'BANK_ACCOUNT_NOT_FOUND', 'USER_NOT_FOUND'],
      transient: ['-7', '-10', 'UNDER_CONSTRUCTION', 'USER_LOCKED', 'BANK_FIRM_UNAVAILABLE'],
      merchantConfig: ['-731..-733', '-753', '-798'],
      alreadyDone: ['-702', '-785'],
      ambiguous: ['BANK_FIRM_UNKNOWN'],
    },
    TOSS: {
      funds: [
        ...['2', '15', '16', 'A8', 'B4', 'B5', 'B6', 'REJECT_CARD_PAYMENT', 'REJECT_ACCOUNT_PAYMENT'],
        ...['EXCEED_MAX_PAYMENT_AMOUNT', 'EXCEED_MAX_AMOUNT', 'EXCEED_MAX_ONE_DAY_AMOUNT'],
        ...['EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT', 'EXCEED_MAX_DAILY_PAYMENT_COUNT'],
        ...['EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT', 'EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT'],
      ],
      methodDead: [
        ...['1', '4', '14', '23', '26', '32', 'A1', 'A7', 'A9', 'INVALID_CARD_EXPIRATION'],
        ...['INVALID_STOPPED_CARD', 'INVALID_CARD_LOST_OR_STOLEN', 'INVALID_CARD_NUMBER'],
        ...['NOT_SUPPORTED_CARD_TYPE', 'INVALID_ACCOUNT_INFO_RE_REGISTER', 'REJECT_TOSSPAY_INVALID_ACCOUNT'],
      ],
      callIssuer: [
        ...['27', '36..40', '70..99', 'G0', 'INVALID_REJECT_CARD', 'REJECT_CARD_COMPANY', 'FDS_ERROR'],
        'RESTRICTED_TRANSFER_ACCOUNT',
      ],
      transient: [
        ...['10', '53', '110', '121', '122', '299', '3001', 'PROVIDER_ERROR', 'CARD_PROCESSING_ERROR'],
        ...['NOT_AVAILABLE_BANK', 'NOT_AVAILABLE_PAYMENT', 'COMMON_ERROR'],
      ],
      merchantConfig: [
        ...['7', '8', '9', '30', '44', '45', '48', 'INVALID_API_KEY', 'UNAUTHORIZED_KEY', 'INVALID_REQUEST'],
        ...[
          'FORBIDDEN_REQUEST',
          'NOT_MATCHES_CUSTOMER_KEY',
          'NOT_REGISTERED_BUSINESS',
          'BELOW_MINIMUM_AMOUNT',
        ],
      ],
      alreadyDone: ['A016', 'ALREADY_PROCESSED_PAYMENT', 'DUPLICATED_ORDER_ID'],
      ambiguous: [
        ...['F2', 'FAILED_INTERNAL_SYSTEM_PROCESSING', 'FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING'],
        'UNKNOWN_PAYMENT_ERROR',
      ],
    },
  },
  messageFirst: { NICE: ['3095'], NICE_V2: ['3095'] },
  words: [
    { class: 'ambiguous', words: ['응답 없음', '지연'] },
    { class: 'alreadyDone', words: ['중복', '이미 처리', '이미 취소'] },
    // Before the customer's limits: 가맹점한도초과 is the limit of the shop.
    { class: 'merchantConfig', words: ['가맹점', '상점', '단말기', 'MID', '계약', '허용되지 않은 IP'] },
    {
      class: 'methodDead',
      words: [
        ...[
          '분실',
          '도난',
          '위변조',
          '거래정지',
          '거래제한카드',
          '해지카드',
          '유효기간',
          '카드번호오류',
          '탈퇴',
        ],
        ...['빌키없', '빌키가 없', '빌키 삭제', '삭제된 빌키', '빌링키가 없', '삭제된 빌링키'],
      ],
    },
    // Before the limits: "too many wrong passwords" ends with 횟수초과 too.
    { class: 'callIssuer', words: ['비밀번호'] },
    { class: 'funds', words: ['한도', '잔액', '횟수초과'] },
    { class: 'callIssuer', words: ['카드사 전화', '카드사 문의', '카드사로 문의', '카드사에 문의'] },
    {
      class: 'transient',
      words: ['장애', '점검', 'TIME-OUT', 'TIMEOUT', '잠시 후', '전산마감', '진행중인 거래'],
    },
  ],
};

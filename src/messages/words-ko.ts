import type { MessageWords } from './words';

const access = (until?: string) => until && `${until}까지는 지금처럼 이용하실 수 있습니다.`;
const end = (on?: string) => on && `${on}까지 결제되지 않으면 구독이 종료됩니다.`;
const next = (on?: string) => on && `${on}에 같은 결제 수단으로 다시 결제해 드립니다.`;

export const ko: MessageWords = {
  hello: (name) => `${name}님, 안녕하세요.`,
  test: '테스트',
  footer: (merchant) => `${merchant}에서 구독 이용 안내를 위해 보내 드리는 메일입니다.`,
  labels: {
    plan: '구독',
    period: '이용 기간',
    amount: '금액',
    supply: '공급가액',
    vat: '부가세',
    taxFree: '면세 금액',
    method: '결제 수단',
    paidOn: '결제일',
    dueOn: '결제 예정일',
    receipt: '영수증',
  },
  span: (from, to) => `${from} ~ ${to}`,
  say: {
    trial_ending: ({ plan, amount, dueOn }) => ({
      subject: `무료 체험이 곧 끝나고 ${dueOn}에 유료로 전환됩니다`,
      paragraphs: [
        `${plan} 무료 체험이 끝나면 ${dueOn}에 ${amount}이 처음 결제됩니다.`,
        '계속 이용을 원하지 않으시면 그 전에 언제든지 해지하실 수 있고, 그러면 아무것도 결제되지 않습니다.',
      ],
      action: '결제 수단 확인하기',
      short: `${plan} 무료 체험 종료 안내: ${dueOn}에 ${amount}이 결제됩니다. 원하지 않으시면 그 전에 해지해 주세요.`,
    }),
    renewal_due: ({ plan, amount, dueOn }, { trouble }) => {
      const needed = '등록된 결제 수단이 없으니 그 전에 결제 수단을 등록해 주세요.';
      return {
        subject: trouble
          ? `${dueOn}에 구독이 갱신됩니다: 결제 수단이 필요합니다`
          : `${dueOn}에 구독이 갱신됩니다`,
        paragraphs: [
          trouble
            ? `${plan} 구독이 ${dueOn}에 갱신되고 ${amount}이 청구됩니다. ${needed}`
            : `${plan} 구독이 ${dueOn}에 갱신되고 ${amount}이 결제됩니다.`,
          '계속 이용을 원하지 않으시면 그 전에 해지하실 수 있습니다.',
        ],
        action: trouble ? '결제 수단 등록하기' : '결제 수단 확인하기',
        short: trouble
          ? `${plan} 갱신 안내: ${dueOn}에 ${amount}이 청구됩니다. ${needed}`
          : `${plan} 갱신 안내: ${dueOn}에 ${amount}이 결제됩니다.`,
      };
    },
    receipt: ({ plan, amount }) => ({
      subject: `${amount} 결제가 완료되었습니다`,
      paragraphs: [`${plan} 이용 요금 ${amount}이 결제되었습니다. 감사합니다.`],
      short: `${plan} ${amount} 결제가 완료되었습니다.`,
    }),
    payment_failed: ({ plan, amount, nextTryOn, accessUntil, endsOn }, { tone }) => {
      const subject = {
        first: '구독 요금이 결제되지 않았습니다',
        reminder: '구독 요금이 아직 결제되지 않았습니다',
        last: '구독이 곧 종료됩니다',
      }[tone ?? 'first'];
      const failed =
        tone === 'first' || tone === undefined
          ? `${plan} 이용 요금 ${amount}을 결제하지 못했습니다. 한도나 잔액을 확인해 주세요.`
          : `${plan} 이용 요금 ${amount}이 아직 결제되지 않았습니다.`;
      return {
        subject,
        paragraphs: [
          failed,
          [next(nextTryOn), access(accessUntil), end(endsOn)].filter(Boolean).join(' '),
          '아래에서 지금 바로 결제하거나, 다른 결제 수단을 등록하거나, 결제일을 옮기실 수 있습니다.',
        ],
        action: '결제 방법 선택하기',
        short: [failed, tone === 'last' ? end(endsOn) : next(nextTryOn)].filter(Boolean).join(' '),
      };
    },
    method_needed: ({ plan, amount, method, accessUntil, endsOn }, { tone, trouble }) => {
      const known = method === undefined ? '등록하신 결제 수단' : `등록하신 결제 수단(${method})`;
      const why = {
        methodDead: `${known}으로는 더 이상 결제할 수 없습니다. 새 결제 수단을 등록해 주세요.`,
        callIssuer: `${known}의 결제를 카드사가 거절했습니다. 카드사에 문의하신 뒤 다시 결제하시거나 새 결제 수단을 등록해 주세요.`,
        noMethod: '등록된 결제 수단이 없습니다. 결제 수단을 등록해 주세요.',
      }[trouble ?? 'noMethod'];
      return {
        subject:
          tone === 'last' ? '구독이 곧 종료됩니다: 결제 수단이 필요합니다' : '새 결제 수단이 필요합니다',
        paragraphs: [
          `${plan} 이용 요금 ${amount}이 결제되지 않았습니다.`,
          why,
          [access(accessUntil), end(endsOn)].filter(Boolean).join(' '),
        ],
        action: '결제 수단 등록하기',
        short: [
          `${plan} 요금 ${amount}이 결제되지 않았습니다. ${why}`,
          tone === 'last' ? end(endsOn) : undefined,
        ]
          .filter(Boolean)
          .join(' '),
      };
    },
    method_changed: ({ plan, method, nextTryOn }) => ({
      subject: '결제 수단이 변경되었습니다',
      paragraphs: [
        `${plan}의 결제 수단이 변경되었습니다${method === undefined ? '' : `(새 결제 수단: ${method})`}. 이전 결제 수단으로는 더 이상 청구하지 않습니다.`,
        nextTryOn && `결제되지 않은 요금은 새 결제 수단으로 ${nextTryOn}에 결제합니다.`,
        '직접 변경하지 않으셨다면 바로 저희에게 알려 주세요.',
      ],
      action: '결제 수단 확인하기',
      short: `${plan}의 결제 수단이 변경되었습니다. 직접 변경하지 않으셨다면 바로 알려 주세요.`,
    }),
    recovered: ({ plan, amount }) => ({
      subject: `${amount} 결제가 완료되어 구독이 이어집니다`,
      paragraphs: [
        `밀린 ${plan} 이용 요금 ${amount}이 결제되었습니다. 구독은 그대로 이어집니다. 감사합니다.`,
      ],
      short: `밀린 ${plan} 요금 ${amount}이 결제되어 구독이 이어집니다.`,
    }),
    ended: ({ plan, amount }, { because }) => ({
      subject: '구독이 종료되었습니다',
      paragraphs:
        because === 'unpaid'
          ? [
              `${amount === undefined ? '이용 요금이' : `이용 요금 ${amount}이`} 결제되지 않아 ${plan} 구독이 종료되었습니다.`,
              '더 이상 청구되는 금액은 없습니다. 언제든지 다시 구독하실 수 있습니다.',
            ]
          : [
              `${plan} 구독이 종료되었습니다. 더 이상 청구되는 금액은 없습니다.`,
              '그동안 이용해 주셔서 감사합니다. 언제든지 다시 찾아 주세요.',
            ],
      short: `${plan} 구독이 종료되었습니다. 더 이상 청구되지 않습니다.`,
    }),
    refunded: ({ plan, amount, paidOn }) => ({
      subject: `${amount}을 환불해 드렸습니다`,
      paragraphs: [
        `${paidOn === undefined ? '' : `${paidOn}에 결제하신 `}${plan} 요금 중 ${amount}을 환불해 드렸습니다.`,
        '카드사에 따라 실제로 반영되기까지 며칠이 걸릴 수 있습니다.',
      ],
      short: `${plan} ${amount} 환불이 완료되었습니다.`,
    }),
  },
};

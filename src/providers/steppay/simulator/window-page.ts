import { CARDS } from './cards';
import { html, page } from './markup';

/** Those of the cards with a number in their name that the window offers. */
const DECLINING = ['one', 'two', 'three'].map((word, i) => ({
  name: `declines ${word} renewal${i === 0 ? '' : 's'}`,
  label: `갱신 결제 ${i + 1}회 거절 후 승인`,
}));

/** The page inside the payment window; its script fills in what is paid for. */
export function windowPage(): string {
  const cards = [...CARDS, ...DECLINING].map(
    ({ name, label }) => html`<option value="${name}">${label} · ${name}</option>`,
  );
  return page(
    'ko',
    'StepPay 시뮬레이터 결제창',
    html`<main class="window">
  <h1>결제하기 · Pay</h1>
  <p class="note">시뮬레이터입니다. 실제로 결제되지 않습니다. · A simulator: nobody is charged.</p>
  <p class="total" id="amount" data-testid="amount">…</p>
  <dl>
    <dt>상품 · Item</dt><dd id="item"></dd>
    <dt>주문번호 · Order</dt><dd id="order"></dd>
    <dt>결제수단 · Method</dt><dd id="method"></dd>
  </dl>
  <label for="card">테스트 카드 · Test card
    <select id="card" name="card" data-testid="card">${cards}</select>
  </label>
  <p class="note" id="status" role="status">불러오는 중 · Loading</p>
  <div class="buttons">
    <button class="main" type="button" id="pay" data-testid="pay" disabled>결제 · Pay</button>
    <button type="button" id="decline" data-testid="decline" disabled>승인 거절 · Decline</button>
    <button type="button" id="close" data-testid="close">닫기 · Close</button>
  </div>
</main>
<script src="/window.js"></script>`,
  );
}

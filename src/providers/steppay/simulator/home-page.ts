import { cancelledOf, type Payment } from './book';
import { html, type Markup, page } from './markup';

const EXAMPLE = `# a first payment without a browser; the card is a sentence of cards.ts
curl -X POST localhost:3900/simulator/payments -H 'content-type: application/json' -d '
  {"partnerOrderId":"100000000000000001","partnerUserId":"u1","amount":9900,"card":"declines two renewals"}'

# the next charge of this order is made, but its answer is lost
curl -X POST localhost:3900/simulator/faults -H 'content-type: application/json' -d '
  {"on":"charge","kind":"lostAnswer","order":"1000000000000"}'

# what was really charged, and every request that arrived
curl 'localhost:3900/simulator/ledger?order=1000000000000'
curl 'localhost:3900/simulator/requests?order=1000000000000'`;

/**
 * The simulator's front page: the last payments, newest first, and how to drive it. The webhook URL carries the secret part
 * of its path, so only whether there is one is shown.
 */
export function homePage(payments: readonly Payment[], sendsWebhooks: boolean): string {
  return page(
    'en',
    'StepPay simulator',
    html`<main>
  <h1>StepPay simulator · 시뮬레이터</h1>
  <p class="note">It answers like StepPay's self-managed payments and charges nobody. · 실제로 결제되지 않습니다.</p>
  <p class="note">${sendsWebhooks ? 'Webhooks are sent.' : 'No webhook URL is set: PUT /simulator/webhook-url.'}</p>
  <h2>Last payments · 최근 결제</h2>
  ${payments.length > 0 ? table(payments) : html`<p class="note">None yet. · 아직 없습니다.</p>`}
  <h2>Control · 사용법</h2>
  <pre>${EXAMPLE}</pre>
  <p class="note">
    Also <code>/simulator/payments</code>, <code>/simulator/webhooks</code>, <code>/simulator/settings</code>,
    <code>/simulator/held</code>: all of it is in the simulator's README.md.
  </p>
</main>`,
  );
}

function table(payments: readonly Payment[]): Markup {
  const rows = payments.map(
    (each) => html`<tr>
      <td>${each.createdAt.slice(0, 19).replace('T', ' ')}</td>
      <td>${each.order}</td>
      <td>${each.status}</td>
      <td class="amount">${won(each.amount)}</td>
      <td class="amount">${won(cancelledOf(each))}</td>
      <td>${each.gateway} ${each.method}</td>
      <td><code>${each.idKey}</code></td>
    </tr>`,
  );
  return html`<div class="scroll"><table>
    <thead><tr>
      <th>At (UTC)</th><th>Order</th><th>Status</th><th class="amount">Amount</th><th class="amount">Given back</th>
      <th>Method</th><th>idKey</th>
    </tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}

function won(amount: number): string {
  return `${String(amount).replace(/\B(?=(\d{3})+$)/g, ',')}원`;
}

// The checkout page. It asks for an order number, opens the provider's window under it, and reports what came of it.
import { hasSdk, memory, opensWindow, pause, report, send } from './pay.js';

const checkout = document.getElementById('checkout');
const button = document.getElementById('pay');
const message = document.getElementById('message');
const long = document.getElementById('long');
const { path, next } = checkout.dataset;
const words = JSON.parse(checkout.dataset.words);
const label = button.textContent;
const kept = memory(`perennial:${path}`);
let opened = false;
let timer;

/** Shows one state of the page. */
function show(state, text = '') {
  checkout.dataset.state = state;
  for (const section of checkout.querySelectorAll('[data-for]'))
    section.hidden = section.dataset.for !== state;
  message.textContent = text;
  message.hidden = text === '';
  button.disabled = false;
  button.textContent = label;
  if (state !== 'checking') long.textContent = '';
  if (state === 'paid') {
    kept.forget();
    if (next) setTimeout(() => location.assign(next), 1500);
  }
}

function reload() {
  kept.forget();
  location.reload();
}

/** A state that the server tells; the pages of an ended or expired checkout are its own. */
function follow(state, text) {
  // The account to pay into is in the page that the server makes while it waits.
  if (
    state === 'ended' ||
    state === 'expired' ||
    (state === 'deposit' && !document.getElementById('account'))
  )
    reload();
  else show(state, text);
}

async function pay() {
  if (button.disabled) return;
  button.disabled = true;
  button.textContent = button.dataset.busy;
  message.hidden = true;
  if (!hasSdk()) return show('open', words.noSdk);
  const method = document.querySelector('input[name=method]:checked')?.value;
  const answer = await send('POST', `${path}/window`, { method }).catch(() => undefined);
  if (answer?.status === 409) return look();
  if (answer?.status !== 200) return show('open', words.failed);
  const { orderId, payment } = answer.body;
  opened = true;
  watch();
  const ended = await opensWindow(payment);
  if (ended === 'noSdk') show('open', words.noSdk);
  else if (ended === 'declined') lookAfter(words.declined);
  else if (ended === 'closed') lookAfter(words.cancelled);
  else confirm({ orderId, idKey: ended.idKey });
}

/** The window was closed without a payment, as far as it knows: a webhook or another tab may know better in a moment. */
async function lookAfter(text) {
  show('open', text);
  button.disabled = true;
  for (const wait of [0, 300, 700, 1200]) {
    await pause(wait);
    const answer = await send('GET', `${path}/status`).catch(() => undefined);
    if (answer?.status === 200 && answer.body.status !== 'checking') {
      follow(answer.body.status, answer.body.status === 'open' ? text : '');
      return watch();
    }
  }
  look(text);
}

async function confirm(paid) {
  // A page that is reloaded at this moment reports it again.
  kept.keep(paid);
  show('checking');
  const answer = await report(`${path}/confirm`, paid, () => {
    long.textContent = words.checkingLong;
  });
  if (!answer || answer.status === 'open') kept.forget();
  if (!answer) return look(words.declined);
  follow(answer.status, answer.status === 'open' ? words.declined : '');
  watch();
}

/** Asks where the checkout stands. `text` is shown where it is still open. */
async function look(text = '') {
  const answer = await send('GET', `${path}/status`).catch(() => undefined);
  if (answer?.status !== 200) {
    if (checkout.dataset.state === 'open') show('open', text || words.failed);
  } else if (answer.body.status !== checkout.dataset.state || button.disabled) {
    follow(answer.body.status, answer.body.status === 'open' ? text : '');
  }
  watch();
}

/** While something may still change without this page: a webhook, another tab, a payment on the phone's own app. */
function watch() {
  clearTimeout(timer);
  const { state } = checkout.dataset;
  if (state === 'paid' || (state === 'open' && !opened)) return;
  if (state === 'deposit') {
    timer = setTimeout(refreshWhenSeen, 10000);
    return;
  }
  timer = setTimeout(state === 'checking' ? lookOn : refreshWhenSeen, state === 'checking' ? 2500 : 5000);
}

function lookOn() {
  long.textContent = words.checkingLong;
  look(words.declined);
}

function refreshWhenSeen() {
  if (document.hidden) watch();
  else refresh();
}

/** As `look`, but leaves an open page alone: it may be showing a message, or be waiting for its own window. */
async function refresh() {
  const answer = await send('GET', `${path}/status`).catch(() => undefined);
  if (answer?.status === 200 && answer.body.status !== 'open') follow(answer.body.status);
  watch();
}

button.addEventListener('click', pay);
// Back from another tab, or by the browser's back button from pages of the provider.
window.addEventListener('focus', () => checkout.dataset.state === 'open' && refresh());
window.addEventListener('pageshow', (event) => event.persisted && location.reload());

const paid = kept.recall();
if (paid && checkout.dataset.state === 'open') confirm(paid);
else if (checkout.dataset.state === 'checking' || checkout.dataset.state === 'deposit') watch();
else if (checkout.dataset.state === 'paid') show('paid');

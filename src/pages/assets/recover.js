// The page of a customer's link: pay what is owed now, by another method or on another day, or change the method. One press is
// one act, whatever is pressed how often; the server says what became of it, and the page is loaded again to show that.
import { hasSdk, memory, opensWindow, pause, report, send } from './pay.js';

const page = document.getElementById('recover');
const message = document.getElementById('message');
const long = document.getElementById('long');
const day = document.getElementById('day');
const buttons = [...page.querySelectorAll('button')];
const labels = new Map(buttons.map((button) => [button, button.textContent]));
const { path, invoice: invoiceId = null, since = null } = page.dataset;
const words = JSON.parse(page.dataset.words);
const kept = memory(`perennial:${path}`);
const keys = new Map();
let busy = false;
let opened = false;
let anyway = false;
let timer;
let wait = 2500;

const isOwed = (state) => state === 'owed' || state === 'checking';
const isLive = (state) => state === 'live' || state === 'registering';
const isShown = (state) => isOwed(state) || isLive(state);

/** Shows one state of the page, and is ready for the next press. */
function show(state, text = '') {
  page.dataset.state = state;
  for (const section of page.querySelectorAll('[data-for]'))
    section.hidden = !section.dataset.for.split(' ').includes(state);
  message.textContent = text;
  message.hidden = text === '';
  for (const button of buttons) {
    button.disabled = false;
    button.textContent = labels.get(button);
  }
  busy = false;
  if (state !== 'checking') long.textContent = '';
}

/** Loads the page again, which says what became of the act. */
function turn(outcome) {
  kept.forget();
  clearTimeout(timer);
  const url = new URL(location.href);
  if (outcome) url.searchParams.set('done', outcome);
  location.replace(url);
}

/** What the server tells: shown where the page has it, loaded where it does not. */
function follow({ status, since: now }, text = '') {
  const was = page.dataset.state;
  if (!isShown(status) || isOwed(was) !== isOwed(status)) turn(isLive(status) ? 'paid' : undefined);
  else if (was === 'checking' && status === 'owed') turn('declined');
  else if (isLive(was) && now !== since) turn('method');
  else if (was === 'registering' && status === 'live') turn('notChanged');
  else if (was !== status || text !== '') show(status, text);
}

/** One press: nothing else can be pressed until its answer is there. Answers nothing where it did not come about. */
async function act(button, below, body) {
  if (busy) return undefined;
  busy = true;
  for (const each of buttons) each.disabled = true;
  button.textContent = button.dataset.busy;
  message.hidden = true;
  const sent = JSON.stringify([below, body]);
  // Pressed again after an answer was lost, it is the same press.
  if (!keys.has(sent)) keys.set(sent, newKey());
  const whole = { invoiceId, anyway, ...body };
  const answer = await send('POST', path + below, whole, keys.get(sent)).catch(() => undefined);
  if (!answer || answer.status >= 500) {
    show(page.dataset.state, words.failed);
    return undefined;
  }
  keys.delete(sent);
  if (answer.status === 200) return answer.body;
  refused(answer.body.code);
  return undefined;
}

/** Said where the page can say it; else it shows what is no longer so. */
function refused(code) {
  if (code === 'window_open') anyway = true;
  if (code in words.refusals) show(page.dataset.state, words.refusals[code]);
  else turn();
}

async function payNow(button) {
  const told = await act(button, '/retry', {});
  if (!told) return;
  if (told.status === 'owed') return turn(told.asked ? 'asked' : 'declined');
  show('checking');
  follow(told);
  watch();
}

async function chooseDay(button) {
  if (await act(button, '/date', { to: day.value })) turn('moved');
}

async function pay(button) {
  if (!hasSdk()) return show(page.dataset.state, words.noSdk);
  const method = document.querySelector('input[name=method]:checked')?.value;
  const answer = await act(button, '/window', { method });
  if (!answer) return;
  opened = true;
  anyway = true;
  watch();
  const ended = await opensWindow(answer.payment);
  if (ended === 'noSdk') show(page.dataset.state, words.noSdk);
  else if (ended === 'declined') lookAfter(words.windowDeclined);
  else if (ended === 'closed') lookAfter(words.cancelled);
  else confirm({ orderId: answer.orderId, idKey: ended.idKey, wasOwed: invoiceId !== null, before: since });
}

/** The window was closed without a payment, as far as it knows: a webhook or another tab may know better in a moment. */
async function lookAfter(text) {
  for (const wait of [0, 300, 700, 1200]) {
    await pause(wait);
    const answer = await send('GET', `${path}/status`).catch(() => undefined);
    if (answer?.status !== 200) continue;
    const { status } = answer.body;
    if (status === 'checking' || status === 'registering') continue;
    return follow(answer.body, text);
  }
  show(page.dataset.state, text);
  look();
}

async function confirm(paid) {
  // A page that is loaded again at this moment reports it again.
  kept.keep(paid);
  opened = true;
  show(isOwed(page.dataset.state) ? 'checking' : 'registering');
  const { orderId, idKey, wasOwed, before } = paid;
  const told = await report(`${path}/confirm`, { orderId, idKey }, () => {
    long.textContent = words.checkingLong;
  });
  kept.forget();
  // What takes longer is told on a page of its own: a debit takes days.
  if (!told || told.status === 'checking') return turn();
  if (wasOwed && isLive(told.status)) return turn('paid');
  if (!wasOwed && isLive(told.status) && told.since !== before) return turn('method');
  follow(told);
  watch();
}

/** Asks where it stands. */
async function look() {
  const answer = await send('GET', `${path}/status`).catch(() => undefined);
  if (answer?.status === 200) follow(answer.body);
  else if (answer?.status === 404 || answer?.status === 410) turn();
  watch();
}

/** While something may still change without this page: a webhook, another tab, a payment on the phone's own app. */
function watch() {
  clearTimeout(timer);
  const { state } = page.dataset;
  if (state !== 'checking' && state !== 'registering' && !opened) return;
  timer = setTimeout(lookOn, wait);
  // A debit takes days: a page that is left open asks less and less.
  wait = Math.min(wait * 1.2, 30000);
}

function lookOn() {
  if (document.hidden) return watch();
  long.textContent = words.checkingLong;
  return look();
}

function newKey() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-');
}

const ACTS = { retry: payNow, window: pay };
for (const button of buttons)
  if (button.dataset.act) button.addEventListener('click', () => ACTS[button.dataset.act](button));
document.getElementById('move')?.addEventListener('submit', (event) => {
  event.preventDefault();
  chooseDay(event.submitter ?? event.target.querySelector('button'));
});
// Back from another tab, or by the browser's back button from pages of the provider.
window.addEventListener('focus', () => !busy && look());
window.addEventListener('pageshow', (event) => event.persisted && location.reload());

// What became of an act is said once: not again when the page is loaded again.
const here = new URL(location.href);
if (here.searchParams.has('done')) {
  here.searchParams.delete('done');
  history.replaceState(null, '', here);
}
const paid = kept.recall();
if (paid && page.dataset.state !== 'checking') confirm(paid);
else watch();

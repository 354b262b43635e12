import { ask, count, trace, type World } from './world';

/** A workflow reset: the state goes back to an earlier one, the provider and the witness do not, requests are made again. */

/** Remembers the state that a reset may go back to. */
export function remember(w: World): void {
  w.before = { s: w.s, books: structuredClone(w.books), answered: w.answered.length };
  w.since = [];
}

export function reset(w: World): void {
  const { before, since } = w;
  // Of several refunds that run again in another order the numbers would change; such a reset needs a person.
  if (!before || w.s.nextRefund - before.s.nextRefund > 1) return;
  count(w, 'reset');
  trace(w, `reset to version ${before.s.version}`);
  w.resets += 1;
  w.s = before.s;
  w.books = before.books;
  w.answered = w.answered.slice(0, before.answered);
  w.before = undefined;
  w.seenAlerts = 0;
  // What the webhooks told is forgotten, or may be crowded out when all of them come again at once.
  for (const payment of w.bank.list) payment.told = false;
  w.since = [];
  for (const { command, key } of since) ask(w, command, key);
}

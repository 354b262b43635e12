import { applyAll } from '#domain/apply';
import { HOUR } from '#domain/dunning';
import { nextStep } from '#domain/next-step';
import { concludeHint } from '#domain/settle';
import type { Hint, Subscription } from '#domain/subscription';
import { active, asked, charged, ID, on, unanswered } from './given';

const DUE = on('2027-02-28');
const RENEWAL = `${ID.slice(4)}00002`;
const report = (idKey: string, signed = false) =>
  ({ kind: 'paymentReported', order: RENEWAL, idKey, type: 'PAYMENT', signed }) as const;

/** The hint whose turn it is. */
function due(s: Subscription): Hint {
  const step = nextStep({ ...s, unpublished: [] }, DUE + HOUR);
  if (step.kind !== 'settle') throw new Error(`no hint is due, but ${step.kind}`);
  return step.hint;
}

test('a signed report is read first, has room of its own, and is a hint all the same', () => {
  let s = charged(active(), unanswered, DUE);
  for (let n = 0; n < 40; n += 1) s = asked(s, report(`forged${n}`), DUE + n).s;
  s = asked(s, report('true', true), DUE + 50).s;
  expect(due(s)).toMatchObject({ idKey: 'true', source: 'signed' });
  const read = applyAll(s, concludeHint(s, due(s), { kind: 'notFound' }, undefined, DUE + HOUR), DUE + HOUR);
  expect(read.payments).toEqual(s.payments);
  // What waits unsigned becomes signed when it is reported so, and not the other way round.
  s = asked(s, report('forged7', true), DUE + 60).s;
  s = asked(s, report('true'), DUE + 70).s;
  const signed = s.hints.filter((hint) => hint.source === 'signed').map((hint) => hint.idKey);
  expect(signed.sort()).toEqual(['forged7', 'true']);
});

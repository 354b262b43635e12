import { newMethodView } from '#domain/recovery-view';
import type { Subscription } from '#domain/subscription';
import { viewOf } from '#domain/view';
import { active, asked, charged, on, refusalOf, refused } from './given';

/** Failed on 28 February and again on 1 March 2027: the next tries of the schedule are on the 3rd, 5th, 10th and 14th. */
const NOW = on('2027-03-01', '12:00');

function owed(): Subscription {
  return charged(charged(active(), refused('funds'), on('2027-02-28')), refused('funds'), on('2027-03-01'));
}
const moved = (s: Subscription, to: string, now = NOW) =>
  asked(s, { kind: 'moveDate', to, by: 'link' }, now).s;
const triedNow = (s: Subscription, now: number) =>
  charged(asked(s, { kind: 'retry', by: 'link' }, now).s, refused('funds'), now);

test('nothing is tried before the day that the customer has chosen, whatever else was tried meanwhile', () => {
  const s = triedNow(moved(owed(), '2027-03-12'), on('2027-03-04', '15:00'));
  expect(s.invoice?.nextTryAt).toBe(on('2027-03-12'));
  const after = charged(s, refused('funds'), on('2027-03-12'));
  expect(after.invoice?.nextTryAt).toBe(on('2027-03-14'));
});

test('a second move goes on from the first: the end moves by as many days as the try', () => {
  const once = moved(owed(), '2027-03-12');
  expect(viewOf(once, NOW).recovery?.endsAt).toBe('2027-03-23T00:00:00Z');
  const twice = moved(once, '2027-03-13');
  expect(viewOf(twice, NOW).recovery?.endsAt).toBe('2027-03-24T00:00:00Z');
  const same = moved(twice, '2027-03-13');
  expect(viewOf(same, NOW).recovery).toMatchObject({ endsAt: '2027-03-24T00:00:00Z', move: null });
});

test('no day beyond a planned cancellation can be chosen', () => {
  const at = on('2027-04-20');
  const s = asked(owed(), { kind: 'cancel', when: { at }, refund: 'none', reason: '' }, NOW).s;
  expect(viewOf(s, NOW).recovery?.move).toMatchObject({ to: '2027-03-30' });
  const yearly = charged(
    active({ interval: { unit: 'YEAR', count: 1 } }),
    refused('funds'),
    on('2028-01-31'),
  );
  const soon: Subscription = {
    ...yearly,
    cancel: { at: on('2028-02-10'), when: 'date', reason: '', requestedAt: NOW },
  };
  const range = viewOf(soon, on('2028-01-31', '12:00')).recovery?.move;
  expect(range).toMatchObject({ from: '2028-02-01', to: '2028-02-09' });
  const beyond = { kind: 'moveDate', to: '2028-02-12', by: 'link' } as const;
  expect(refusalOf(soon, beyond, on('2028-01-31', '12:00'))).toBe('date_out_of_range');
});

test('an account is debited on bank days: no day is offered whose debit would come after the period', () => {
  // Four weeks from 28 February: to Sunday, 28 March.
  const weeks = active({ interval: { unit: 'WEEK', count: 4 } });
  const s = charged(
    { ...weeks, method: { ...weeks.method!, debit: true } },
    refused('funds'),
    on('2027-02-28'),
  );
  const move = viewOf(s, on('2027-02-28', '10:00')).recovery?.move;
  expect(move?.to).toBe('2027-03-26');
});

test('the present billing key given again takes back another that is still being looked at', () => {
  const offered = asked(active(), { kind: 'replaceMethod', idKey: 'other' }, NOW).s;
  const back = asked(offered, { kind: 'replaceMethod', idKey: 'first' }, NOW).s;
  expect(back.offered).toMatchObject({ idKey: 'other', verifyAt: undefined });
  expect(newMethodView(back)).toMatchObject({ status: 'refused' });
});

import { won } from '#domain/money';
import { type RequestRecord, UnknownAttempt } from '#store/index';
import { atOnce, onBoth } from './both';
import { someSubscription } from './samples';

function charge(subscriptionId = someSubscription(), attempt = 1) {
  const number = `${subscriptionId.slice(4)}${String(attempt).padStart(5, '0')}`;
  return { number, kind: 'charge' as const, subscriptionId, amount: won(9_900) };
}

let keys = 0;
function request(given: Partial<RequestRecord> = {}): RequestRecord {
  keys += 1;
  return { scope: 'key_1 refund pay_1', key: `k${keys}`, bodyHash: 'hash', ...given };
}

onBoth((on) => {
  describe('attempts: written before money is asked for', () => {
    test('of twenty at once with one number, one may send', async () => {
      const attempt = charge();
      const answers = await atOnce(20, () => on.store.openAttempt(attempt));
      expect(answers.filter((answer) => answer === 'go')).toHaveLength(1);
      for (const answer of answers)
        if (answer !== 'go') expect(answer).toMatchObject({ ...attempt, status: 'sent' });
    });

    test('a number that was certainly not sent may be sent again: of twenty at once by one', async () => {
      const attempt = charge();
      await on.store.openAttempt(attempt);
      await on.store.answerAttempt(attempt.number, 'notSent');
      expect(await on.store.attempt(attempt.number)).toMatchObject({ status: 'notSent', outcome: 'notSent' });
      const again = { ...attempt, amount: won(12_000) };
      const answers = await atOnce(20, () => on.store.openAttempt(again));
      expect(answers.filter((answer) => answer === 'go')).toHaveLength(1);
      const kept = await on.store.attempt(attempt.number);
      expect(kept).toMatchObject({ status: 'sent', amount: won(12_000) });
      expect(kept).not.toHaveProperty('outcome');
      expect(kept).not.toHaveProperty('answeredAt');
    });

    test.each(['paid', 'declined', 'unanswered', 'pending'])(
      'after %s it is never sent again',
      async (outcome) => {
        const attempt = charge();
        await on.store.openAttempt(attempt);
        await on.store.answerAttempt(attempt.number, outcome, '7001');
        await on.store.answerAttempt(attempt.number, 'notSent');
        expect(await on.store.openAttempt(attempt)).toMatchObject({
          status: 'answered',
          outcome,
          idKey: '7001',
        });
      },
    );

    test('nothing is sent under a number that a later one is on record of: a reset has forgotten it', async () => {
      const subscriptionId = someSubscription();
      const [first, second] = [charge(subscriptionId, 1), charge(subscriptionId, 2)];
      expect(await on.store.openAttempt(second)).toBe('go');
      expect(await on.store.openAttempt(first)).toMatchObject({ number: first.number, status: 'sent' });
      const refund = { ...first, kind: 'refund' as const, number: `re_${first.number}` };
      expect(await on.store.openAttempt(refund)).toBe('go');
      await on.store.answerAttempt(refund.number, 'notSent');
      expect(await on.store.openAttempt({ ...refund, number: `${refund.number}-2` })).toBe('go');
      expect(await on.store.openAttempt(refund)).toMatchObject({ number: refund.number, status: 'sent' });
      const another = { ...refund, number: `re_${second.number}` };
      expect(await on.store.openAttempt(another)).toBe('go');
    });

    test('what is learned later replaces unanswered, not the other way round, and keeps the handle', async () => {
      const attempt = charge();
      const { number } = attempt;
      await on.store.openAttempt(attempt);
      await on.store.answerAttempt(number, 'unanswered', '7002');
      await on.store.answerAttempt(number, 'paid');
      await on.store.answerAttempt(number, 'unanswered');
      expect(await on.store.attempt(number)).toMatchObject({
        outcome: 'paid',
        idKey: '7002',
        answeredAt: expect.any(String),
      });
    });

    test('a large amount keeps every digit', async () => {
      const attempt = { ...charge(), amount: won(Number.MAX_SAFE_INTEGER) };
      await on.store.openAttempt(attempt);
      expect((await on.store.attempt(attempt.number))?.amount).toEqual(attempt.amount);
    });

    test('the attempts of a subscription, oldest first, refunds among them', async () => {
      const subscription = someSubscription();
      const first = charge(subscription, 1);
      const second = charge(subscription, 2);
      const refund = { ...first, number: `re_${subscription.slice(4)}00001`, kind: 'refund' as const };
      const again = { ...refund, number: `${refund.number}-2` };
      for (const one of [first, refund, second, again]) await on.store.openAttempt(one);
      await on.db.query("update attempts set created_at = created_at + interval '1 s' where number = $1", [
        second.number,
      ]);
      await on.db.query("update attempts set created_at = created_at + interval '2 s' where number = $1", [
        again.number,
      ]);
      const numbers = (await on.store.attemptsOf(subscription)).map(({ number }) => number);
      expect(numbers).toEqual([first.number, refund.number, second.number, again.number]);
      expect(await on.store.attemptsOf(someSubscription())).toEqual([]);
    });

    test('an unknown number has no attempt and takes no answer', async () => {
      expect(await on.store.attempt('999999999999900001')).toBeUndefined();
      await expect(on.store.answerAttempt('999999999999900001', 'paid')).rejects.toBeInstanceOf(
        UnknownAttempt,
      );
    });

    test.each([
      ['of another subscription', { ...charge(), subscriptionId: 'sub_9999999999999' }],
      ['that is short', { ...charge(), number: '123' }],
      ['of the other kind', { ...charge(), kind: 'refund' as const }],
      ['of less than nothing', { ...charge(), amount: won(-1) }],
    ])('an attempt %s is not written', async (_, attempt) => {
      await expect(on.store.openAttempt(attempt)).rejects.toMatchObject({
        name: 'DatabaseError',
        code: '23514',
      });
      expect(await on.store.attempt(attempt.number)).toBeUndefined();
    });

    test('no attempt can be deleted', async () => {
      await on.store.openAttempt(charge());
      await expect(on.db.query('delete from attempts')).rejects.toThrow('P0001');
      await expect(on.db.script('truncate attempts')).rejects.toThrow('P0001');
    });
  });

  describe('requests with an Idempotency-Key', () => {
    test('of twenty at once one is new', async () => {
      const asked = request();
      const claims = await atOnce(20, () => on.store.claimRequest(asked));
      expect(claims.filter(({ kind }) => kind === 'new')).toHaveLength(1);
      expect(claims.filter(({ kind }) => kind === 'inFlight')).toHaveLength(19);
    });

    test('a finished one gives its answer again, word for word', async () => {
      const asked = request();
      const body = { z: 1, a: [null, '\u0000', '한'], '10': true, big: 'x'.repeat(100_000) };
      await on.store.claimRequest(asked);
      await on.store.finishRequest(asked, 202, body);
      const again = await on.store.claimRequest(asked);
      expect(again).toEqual({ kind: 'done', status: 202, body });
      expect(JSON.stringify(again)).toBe(JSON.stringify({ kind: 'done', status: 202, body }));
    });

    test('the first answer stays', async () => {
      const asked = request();
      await on.store.claimRequest(asked);
      await on.store.finishRequest(asked, 201, { n: 1 });
      await on.store.finishRequest(asked, 500, { n: 2 });
      expect(await on.store.claimRequest(asked)).toEqual({ kind: 'done', status: 201, body: { n: 1 } });
    });

    test('another body under the same key is told apart, before and after the answer', async () => {
      const asked = request();
      const other = { ...asked, bodyHash: 'another' };
      await on.store.claimRequest(asked);
      expect(await on.store.claimRequest(other)).toEqual({ kind: 'otherBody' });
      await on.store.finishRequest(asked, 204, undefined);
      expect(await on.store.claimRequest(other)).toEqual({ kind: 'otherBody' });
      expect(await on.store.claimRequest(asked)).toEqual({ kind: 'done', status: 204, body: null });
    });

    test('the same key in another scope is another request', async () => {
      const asked = request();
      await on.store.claimRequest(asked);
      expect(await on.store.claimRequest({ ...asked, scope: 'key_2' })).toEqual({ kind: 'new' });
    });

    test('abandoned it is free at once, also for another body; a finished one cannot be abandoned', async () => {
      const asked = request();
      await on.store.claimRequest(asked);
      await on.store.abandonRequest(asked);
      expect(await on.store.claimRequest({ ...asked, bodyHash: 'another' })).toEqual({ kind: 'new' });
      await on.store.abandonRequest(asked);
      expect(await on.store.claimRequest(asked)).toEqual({ kind: 'otherBody' });
      await on.store.finishRequest({ ...asked, bodyHash: 'another' }, 200, {});
      await on.store.abandonRequest({ ...asked, bodyHash: 'another' });
      expect(await on.store.claimRequest({ ...asked, bodyHash: 'another' })).toMatchObject({ kind: 'done' });
    });

    test('after 60 seconds by the clock of the database its holder is taken to be gone: one of twenty takes over', async () => {
      const asked = request();
      await on.store.claimRequest(asked);
      await turnBack(asked, 58);
      expect(await on.store.claimRequest(asked)).toEqual({ kind: 'inFlight' });
      await turnBack(asked, 3);
      expect(await on.store.claimRequest({ ...asked, bodyHash: 'another' })).toEqual({ kind: 'otherBody' });
      const claims = await atOnce(20, () => on.store.claimRequest(asked));
      expect(claims.filter(({ kind }) => kind === 'new')).toHaveLength(1);
    });

    test('who works on it goes on holding it', async () => {
      const asked = request();
      await on.store.claimRequest(asked);
      await turnBack(asked, 58);
      await on.store.holdRequest(asked);
      await turnBack(asked, 58);
      expect(await on.store.claimRequest(asked)).toEqual({ kind: 'inFlight' });
      // An answered one stays as it is.
      await on.store.finishRequest(asked, 200, {});
      await on.store.holdRequest(asked);
      expect(await on.store.claimRequest(asked)).toMatchObject({ kind: 'done' });
    });

    const turnBack = (asked: RequestRecord, seconds: number) =>
      on.db.query('update requests set locked_at = locked_at - make_interval(secs => $1) where key = $2', [
        seconds,
        asked.key,
      ]);
  });
});

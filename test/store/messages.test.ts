import { won } from '#domain/money';
import { InvalidCursor } from '#store/index';
import type { Letter } from '#store/message-store';
import { keepLetters } from '#store/messages';
import { pollUntil } from '../support/until';
import { atOnce, onBoth } from './both';
import { someEvent, someView } from './samples';

function letter(sequence: number, given: Partial<Letter> = {}): Letter {
  return {
    sequence,
    kind: 'receipt',
    template: 'receipt',
    locale: 'ko',
    subject: `편지 ${sequence}`,
    text: 'text',
    html: '<p>html</p>',
    short: 'short',
    variables: { amount: '9,900원' },
    at: Date.UTC(2027, 0, 31),
    ...given,
  };
}

onBoth((on) => {
  const due = (sequence: number, id: string) =>
    someEvent(id, sequence, { type: 'message.due', message: { kind: 'receipt', amount: won(9_900) } });
  /** A published subscription of a customer who is known, with a letter for each number. */
  async function published(...letters: Letter[]) {
    const customer = await on.store.createCustomer({ name: '김민지', email: 'm@example.com', phone: '010' });
    const view = someView({ customerId: customer.id });
    await on.store.publish(
      view,
      letters.map(({ sequence }) => due(sequence, view.id)),
      letters,
    );
    return { view, customer };
  }
  const all = async (filter: object = {}) => (await on.store.messages({ limit: 100, ...filter })).data;
  const lent = async (limit = 10) => (await on.store.lendMessages(limit)).map(({ subject }) => subject);
  const later = (seconds: number) =>
    on.db.query('update messages set next_at = next_at - make_interval(secs => $1)', [seconds]);

  beforeEach(() => on.db.script('truncate messages'));

  test('a letter is kept once, however often and at once its event is published: the first one', async () => {
    const view = someView();
    await atOnce(10, () => on.store.publish(view, [due(1, view.id)], [letter(1)]));
    await on.store.publish(view, [due(1, view.id)], [letter(1, { subject: 'another' })]);
    const kept = await all();
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({
      subscriptionId: view.id,
      customerId: view.customerId,
      ...{ sequence: 1, kind: 'receipt', template: 'receipt', locale: 'ko', subject: '편지 1' },
      ...{ text: 'text', html: '<p>html</p>', short: 'short', variables: { amount: '9,900원' } },
      ...{ createdAt: '2027-01-31T00:00:00.000Z', status: 'waiting', tries: 0 },
    });
    expect(kept[0]?.id).toMatch(/^msg_[a-z2-7]{20}$/);
    expect(await on.store.message(kept[0]!.id)).toEqual(kept[0]);
    expect(await on.store.message('msg_none')).toBeUndefined();
  });

  test('events and letters are kept together or not at all', async () => {
    const view = someView();
    const broken = letter(1, { locale: 'fr' as 'ko' });
    await expect(on.store.publish(view, [due(1, view.id)], [broken])).rejects.toMatchObject({
      name: 'DatabaseError',
    });
    expect(await on.store.eventsOf(view.id)).toEqual([]);
    expect(await on.store.subscription(view.id)).toBeUndefined();
    await expect(on.store.publish({ ...view, createdAt: 'soon' }, [], [letter(1)])).rejects.toThrow();
    expect(await all()).toEqual([]);
  });

  test('what PostgreSQL cannot keep in text does not keep a letter out', async () => {
    await published(letter(1, { subject: 'a\u0000b', variables: { x: '\ud800' } }));
    expect(await all()).toMatchObject([{ subject: 'a\ufffdb', variables: { x: '\ufffd' } }]);
  });

  test('the list: oldest first, by subscription and kind, and on from any message that was read', async () => {
    const { view } = await published(letter(1), letter(2, { kind: 'ended' }), letter(3));
    await published(letter(1, { subject: 'other' }));
    const subjects = (page: { subject: string }[]) => page.map(({ subject }) => subject);
    expect(subjects(await all())).toEqual(['편지 1', '편지 2', '편지 3', 'other']);
    expect(subjects(await all({ subscriptionId: view.id }))).toHaveLength(3);
    expect(subjects(await all({ kind: 'ended' }))).toEqual(['편지 2']);

    const first = await on.store.messages({ limit: 3 });
    expect(first.nextCursor).toBe(first.data[2]?.id);
    const second = await on.store.messages({ limit: 3, cursor: first.nextCursor! });
    expect([subjects(second.data), second.nextCursor]).toEqual([['other'], null]);
    // Whoever has read everything goes on from the last one, when there is more.
    const end = { limit: 3, cursor: second.data[0]!.id };
    expect(await on.store.messages(end)).toEqual({ data: [], nextCursor: null });
    await published(letter(1, { subject: 'news' }));
    expect(subjects((await on.store.messages(end)).data)).toEqual(['news']);
    expect(subjects(await on.store.latestMessages(2))).toEqual(['news', 'other']);
    await expect(on.store.messages({ limit: 3, cursor: 'msg_none' })).rejects.toThrow(InvalidCursor);
  });

  test('a reader misses none: what is committed later stands further back', async () => {
    // PGlite has one connection: its transactions cannot overlap.
    if (on.db.kind === 'pglite') return;
    let isOut = false;
    const second = await on.db.transaction(async (tx) => {
      await keepLetters(tx, someView(), [letter(1, { subject: 'first' })]);
      const other = published(letter(1, { subject: 'second' })).finally(() => {
        isOut = true;
      });
      await pollUntil(async () => {
        const waiting = await on.db.query("select from pg_locks where locktype = 'advisory' and not granted");
        return isOut || waiting.length > 0;
      });
      expect(await all()).toEqual([]);
      return { other };
    });
    await second.other;
    expect((await all()).map(({ subject }) => subject)).toEqual(['first', 'second']);
  });

  test('of many couriers each message is lent to one; a loan that nobody ends comes back', async () => {
    await published(letter(1));
    // Ten connections that are open, so that all come at once.
    await atOnce(10, () => on.db.query('select pg_sleep(0.02)'));
    const loans = (await atOnce(10, () => on.store.lendMessages(10))).flat();
    expect(loans).toMatchObject([
      { status: 'sending', tries: 1, to: { name: '김민지', email: 'm@example.com' } },
    ]);
    await later(119);
    expect(await lent()).toEqual([]);
    await later(2);
    expect(await on.store.lendMessages(10)).toMatchObject([{ id: loans[0]?.id, tries: 2 }]);
  });

  test('sent, kept or failed for good: it is lent no more', async () => {
    for (let n = 0; n < 3; n += 1) await published(letter(1, { subject: String(n) }));
    const loans = await on.store.lendMessages(10);
    await on.store.messageDone(loans[0]!.id, 'sent');
    await on.store.messageDone(loans[1]!.id, 'kept');
    await on.store.messageFailed(loans[2]!, 'RCPT TO 550 5.1.1', null);
    await later(1_000_000);
    expect(await lent()).toEqual([]);
    const [sent, kept, failed] = await all();
    expect(sent).toMatchObject({ status: 'sent', sentAt: expect.stringMatching(/Z$/) });
    expect(kept).toMatchObject({ status: 'kept' });
    expect(kept).not.toHaveProperty('sentAt');
    expect(failed).toMatchObject({ status: 'failed', failure: 'RCPT TO 550 5.1.1' });
  });

  test('one that failed comes back after its time; word of an older loan changes nothing, word that it is out does', async () => {
    await published(letter(1));
    const [first] = await on.store.lendMessages(10);
    await on.store.messageFailed(first!, 'ECONNREFUSED', 60_000);
    expect(await all()).toMatchObject([{ status: 'waiting', failure: 'ECONNREFUSED', tries: 1 }]);
    await later(59);
    expect(await lent()).toEqual([]);
    await later(2);
    expect(await lent()).toHaveLength(1);
    await on.store.messageFailed(first!, 'late word', null);
    expect(await all()).toMatchObject([{ status: 'sending', tries: 2 }]);
    await on.store.messageDone(first!.id, 'sent');
    await on.store.messageFailed({ id: first!.id, tries: 2 }, 'later still', null);
    expect(await all()).toMatchObject([{ status: 'sent' }]);
  });

  test('of one subscription one after the other, until one has failed for an hour', async () => {
    await published(letter(1, { subject: 'a' }), letter(2, { subject: 'b' }));
    await published(letter(1, { subject: 'c' }));
    const loans = await on.store.lendMessages(10);
    expect(loans.map(({ subject }) => subject)).toEqual(['a', 'c']);
    for (let tries = 1; tries < 5; tries += 1) {
      await on.store.messageFailed({ id: loans[0]!.id, tries }, '451', 60_000);
      expect(await lent()).toEqual([]);
      await on.db.query('update messages set next_at = clock_timestamp() where id = $1', [loans[0]!.id]);
      expect(await lent()).toEqual(['a']);
    }
    expect(await lent()).toEqual(['b']);
  });

  test('a customer who is gone has no address', async () => {
    const view = someView({ customerId: 'cus_gone' });
    await on.store.publish(view, [due(1, view.id)], [letter(1)]);
    expect((await on.store.lendMessages(1))[0]).not.toHaveProperty('to');
  });
});

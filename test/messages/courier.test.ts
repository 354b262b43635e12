import pino from 'pino';
import type { Carrier } from '#src/messages/carrier';
import { type Courier, type CourierParts, startCourier } from '#src/messages/courier';
import { smtpCarrier } from '#src/messages/smtp';
import type { Letter, MessageStatus } from '#store/message-store';
import { onBoth } from '../store/both';
import { someView } from '../store/samples';
import { pollUntil } from '../support/until';
import { openPostOffice, type PostOffice, type Rules, someMessage } from './post-office';

const FROM = { name: '달빛서점', address: 'no-reply@dalbit.example' };
let customers = 0;

onBoth((on) => {
  const couriers: Courier[] = [];
  const offices: PostOffice[] = [];
  let logged: string[];
  beforeEach(async () => {
    logged = [];
    await on.db.script('truncate messages');
  });
  afterEach(async () => {
    await Promise.all(couriers.splice(0).map((courier) => courier.stop()));
    await Promise.all(offices.splice(0).map((office) => office.close()));
  });

  /** Messages to a customer each, in the order in which they are due. */
  async function due(count: number): Promise<string[]> {
    const addresses: string[] = [];
    for (let n = 0; n < count; n += 1) {
      customers += 1;
      const email = `customer${customers}@example.com`;
      const { id } = await on.store.createCustomer({ name: '김민지', email, phone: '01012345678' });
      const { kind, template, locale, subject, text, html, short, variables } = someMessage();
      const letter: Letter = {
        ...{ kind, template, locale, subject, text, html, short, variables },
        ...{ sequence: 1, at: Date.UTC(2027, 0, 31) },
      };
      await on.store.publish(someView({ customerId: id }), [], [letter]);
      addresses.push(email);
    }
    return addresses;
  }
  async function office(rules: Rules = {}): Promise<PostOffice> {
    const opened = await openPostOffice(rules);
    offices.push(opened);
    return opened;
  }
  function courier(carrier: Carrier, store: CourierParts['store'] = on.store): Courier {
    const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
    const started = startCourier({ store, carrier, log, everyMs: 5 });
    couriers.push(started);
    return started;
  }
  const by = (to: PostOffice) => smtpCarrier(to.server, FROM);
  const all = async () => (await on.store.messages({ limit: 100 })).data;
  const become = (status: MessageStatus) =>
    pollUntil(async () => (await all()).every((message) => message.status === status), 20_000, status);
  const tries = async (times: number) =>
    pollUntil(async () =>
      (await all()).every((message) => message.tries >= times && message.status !== 'sending'),
    );
  const nextIn = async () => {
    const [row] = await on.db.query<{ minutes: number }>(
      'select round(extract(epoch from max(next_at) - clock_timestamp()) / 60)::int as minutes from messages',
    );
    return row!.minutes;
  };
  const isTimeAgain = () =>
    on.db.script("update messages set next_at = clock_timestamp() where status = 'waiting'");
  const ids = (to: PostOffice) => to.mails.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1]?.trim());

  test('two couriers send every message, and none twice', async () => {
    const addresses = await due(25);
    const post = await office();
    courier(by(post));
    courier(by(post));
    await become('sent');
    expect(post.mails.map(({ to }) => to).sort()).toEqual(addresses.sort());
    expect(new Set(ids(post)).size).toBe(25);
    expect(logged).toEqual([]);
  });

  test('put off with 4xx it is tried again after 1, 5, 15 minutes and then every hour, and goes out in the end', async () => {
    const [address] = await due(1);
    let full = 5;
    const post = await office({
      refuse: () => (full > 0 ? { reply: 452, text: `4.2.2 <${address}> mailbox full` } : undefined),
    });
    courier(by(post));
    for (const [turn, minutes] of [1, 5, 15, 60, 60].entries()) {
      await tries(turn + 1);
      expect(await nextIn()).toBe(minutes);
      full -= 1;
      await isTimeAgain();
    }
    await become('sent');
    expect(post.mails).toHaveLength(1);
    expect((await all())[0]).not.toHaveProperty('failure');
    // Told once, and once that it is over; by codes only.
    expect(logged).toHaveLength(2);
    expect(logged[0]).toContain('RCPT TO 452 4.2.2');
    expect(logged.join()).not.toContain('@');
  });

  test('after three days it is given up', async () => {
    await due(1);
    await on.db.script('update messages set tries = 74');
    const post = await office({ refuse: () => ({ reply: 450, text: 'later' }) });
    courier(by(post));
    await become('failed');
    expect(logged.filter((line) => line.includes('message_failed'))).toHaveLength(1);
  });

  test('a recipient that is refused for good is not tried again; the log names the message, not the address', async () => {
    const [bad, good] = await due(2);
    const post = await office({
      refuse: (to) => (to === bad ? { reply: 550, text: `5.1.1 <${to}> does not exist` } : undefined),
    });
    courier(by(post));
    await pollUntil(async () => (await all()).every(({ status }) => ['sent', 'failed'].includes(status)));
    const [failed, sent] = await all();
    expect(failed).toMatchObject({ status: 'failed', failure: 'RCPT TO 550 5.1.1', tries: 1 });
    expect(sent).toMatchObject({ status: 'sent' });
    expect(post.mails.map(({ to }) => to)).toEqual([good]);
    expect(logged).toHaveLength(1);
    expect(JSON.parse(logged[0]!)).toMatchObject({
      level: 50,
      code: 'message_failed',
      message: failed?.id,
      failure: 'RCPT TO 550 5.1.1',
    });
    expect(logged[0]).not.toContain(bad);
  });

  test('nobody there: told once, nothing is lost; back again, everything goes out', async () => {
    await due(3);
    const post = await office();
    await post.close();
    const stopped = courier(by(post));
    await tries(1);
    await stopped.stop();
    expect((await all()).map(({ status }) => status)).toEqual(['waiting', 'waiting', 'waiting']);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('ECONNREFUSED');
    const again = await office();
    await isTimeAgain();
    courier(by(again));
    await become('sent');
    expect(again.mails).toHaveLength(3);
  });

  test('a line that breaks after the mail was taken: it comes once more, under the same Message-ID', async () => {
    await due(1);
    let breaks = 1;
    const post = await office({ breaks: () => (breaks > 0 ? 'end' : undefined) });
    courier(by(post));
    await tries(1);
    breaks = 0;
    await isTimeAgain();
    await become('sent');
    expect(post.mails).toHaveLength(2);
    expect(new Set(ids(post)).size).toBe(1);
  });

  test('a login that is refused is a matter for a person, and costs no message', async () => {
    await due(1);
    const login = { user: 'dalbit', pass: 'right-password' };
    const post = await office({ login });
    const wrong = courier(smtpCarrier({ ...post.server, auth: { ...login, pass: 'wrong-password' } }, FROM));
    await tries(1);
    await wrong.stop();
    expect(logged).toHaveLength(1);
    expect(JSON.parse(logged[0]!)).toMatchObject({ level: 50, code: 'mail_refused', failure: 'AUTH 535' });
    expect(logged[0]).not.toContain('password');
    await isTimeAgain();
    courier(by(post));
    await become('sent');
  });

  test('it stops when what is under way is out and written down, and takes nothing new', async () => {
    await due(7);
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const post = await office({ wait: () => held });
    const started = courier(by(post));
    await pollUntil(() => post.mails.length === 5);
    let isOver = false;
    const stopped = started.stop().then(() => {
      isOver = true;
    });
    expect((await all()).filter(({ status }) => status === 'sending')).toHaveLength(5);
    expect(isOver).toBe(false);
    letGo();
    await stopped;
    const statuses = (await all()).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'sent')).toHaveLength(5);
    expect(statuses.filter((status) => status === 'waiting')).toHaveLength(2);
    expect(post.mails).toHaveLength(5);
  });

  test('a database that is away for seconds, while a message goes out, makes no second mail', async () => {
    await due(1);
    const post = await office();
    let away = 2;
    const flaky: CourierParts['store'] = {
      lendMessages: (limit) =>
        away === 1 ? Promise.reject(new Error('away')) : on.store.lendMessages(limit),
      messageFailed: on.store.messageFailed,
      async messageDone(id, as) {
        away -= 1;
        if (away >= 0) throw new Error('away');
        await on.store.messageDone(id, as);
      },
    };
    courier(by(post), flaky);
    await become('sent');
    expect(post.mails).toHaveLength(1);
    expect(logged.length).toBeLessThanOrEqual(1);
  });

  test('a courier that died leaves its message to another: at worst it comes twice, under one Message-ID', async () => {
    await due(1);
    const post = await office();
    const [lent] = await on.store.lendMessages(1);
    await by(post).carry({ ...lent!, to: lent!.to! });
    await on.db.script("update messages set next_at = next_at - interval '121 s'");
    courier(by(post));
    await become('sent');
    expect(post.mails).toHaveLength(2);
    expect(new Set(ids(post)).size).toBe(1);
  });

  test('a customer who is gone is not written to', async () => {
    await due(1);
    await on.db.script("update messages set customer_id = 'cus_gone'");
    const post = await office();
    courier(by(post));
    await become('failed');
    expect((await all())[0]).toMatchObject({ failure: 'customer unknown' });
  });
});

import { won } from '#domain/money';
import { onBoth } from './both';
import { someEvent, someSubscription, someView } from './samples';

/** What adds to a ledger, what makes it again and what looks whether it is right, all at once. */

const ROUNDS = 25;
const FIRST = Date.UTC(2027, 0, 31);
const total = won(9_900);

onBoth((on) => {
  const invoice = (id: string, index: number) => ({
    id: `inv_${id.slice(4)}0000${index}`,
    index,
    total,
    taxFree: won(0),
    dueAt: FIRST,
    declines: 0,
    hitches: 0,
  });
  const opened = (id: string, sequence: number, index: number) =>
    someEvent(id, sequence, { type: 'invoice.opened', invoice: invoice(id, index) });
  const paid = (id: string, sequence: number, index: number) => {
    const order = `${id.slice(4)}0000${index + 1}`;
    const receipt = { total: 9_900 };
    const what = { id: `pay_${order}`, order, idKey: `key${index}`, total, stray: false, receipt };
    return someEvent(id, sequence, { type: 'payment.received', ...what, invoice: invoice(id, index).id });
  };

  /** A subscription that has paid once and owes the second time; answers how its second payment is published. */
  async function owing(): Promise<{ id: string; pays: () => Promise<void> }> {
    const id = someSubscription();
    const events = [opened(id, 1, 0), paid(id, 2, 0), opened(id, 3, 1)];
    await on.store.publish(someView({ id, version: 3 }), events);
    return { id, pays: () => on.store.publish(someView({ id, version: 4 }), [paid(id, 4, 1)]) };
  }

  const isRight = async (id: string) => {
    const invoices = await on.store.invoicesOf(id);
    expect(invoices.map(({ status }) => status)).toEqual(['paid', 'paid']);
    expect(await on.store.paymentsOf(id)).toHaveLength(2);
    expect((await on.store.kept(id)).faults).toEqual([]);
  };

  test('a payment that is published while the ledger is made again is in it', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id, pays } = await owing();
      await Promise.all([pays(), on.store.remakeLedger(id)]);
      await isRight(id);
    }
  });

  test('so is one that is published during the first look', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id, pays } = await owing();
      await on.db.query('insert into ledger_to_make values ($1)', [id]);
      await Promise.all([pays(), on.store.invoicesOf(id), on.store.paymentsOf(id)]);
      await isRight(id);
    }
  });

  test('looking while something is published finds nothing wrong', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id, pays } = await owing();
      const [, { faults }] = await Promise.all([pays(), on.store.kept(id)]);
      expect(faults).toEqual([]);
    }
  });
});

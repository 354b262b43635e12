import { DuplicateReference } from '#store/index';
import { reservedIds } from '#store/reserved-ids';
import { atOnce, onBoth } from './both';
import { someCustomer, someSubscription } from './samples';

const JIYOON = { name: '박지윤', email: 'jiyoon@example.com', phone: '01012345678' };

onBoth((on) => {
  test('it answers, and says what it is', async () => {
    await on.store.ping();
    expect(on.store.kind).toBe(on.db.kind);
  });

  describe('ids of subscriptions', () => {
    test('an id is sub_ and 13 digits, the first not 0, another one each time', async () => {
      const ids = await atOnce(20, () => on.store.reserveSubscriptionId());
      expect(new Set(ids).size).toBe(20);
      for (const id of ids) expect(id).toMatch(/^sub_[1-9]\d{12}$/);
    });

    test('twenty at once with one key get one id, and later the same', async () => {
      const ids = await atOnce(20, () => on.store.reserveSubscriptionId('checkout:k1'));
      expect(new Set(ids).size).toBe(1);
      expect(await on.store.reserveSubscriptionId('checkout:k1')).toBe(ids[0]);
      expect(await on.store.reserveSubscriptionId('checkout:k2')).not.toBe(ids[0]);
    });

    test('an id that is taken is drawn again, with a key and without', async () => {
      const taken = await on.store.reserveSubscriptionId();
      const draws = [taken, 'sub_9999999999991', taken, taken, 'sub_9999999999992'];
      const { reserveSubscriptionId } = reservedIds(on.db, () => draws.shift()!);
      expect(await reserveSubscriptionId()).toBe('sub_9999999999991');
      expect(await reserveSubscriptionId('clash')).toBe('sub_9999999999992');
    });

    test('a reserved id cannot be deleted', async () => {
      await on.store.reserveSubscriptionId();
      await expect(on.db.query('delete from reserved_ids')).rejects.toThrow('P0001');
      await expect(on.db.script('truncate reserved_ids')).rejects.toThrow('P0001');
    });
  });

  describe('customers', () => {
    test('a customer is found again by id and by the reference of the merchant', async () => {
      const customer = await on.store.createCustomer({ ...JIYOON, locale: 'en', reference: 'user-1' });
      expect(customer).toEqual({
        ...JIYOON,
        id: expect.stringMatching(/^cus_[a-z2-7]{20}$/),
        locale: 'en',
        reference: 'user-1',
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      });
      expect(await on.store.customer(customer.id)).toEqual(customer);
      expect(await on.store.customerByReference('user-1')).toEqual(customer);
    });

    test('without a locale it is Korean, and many may have no reference', async () => {
      const [a, b] = await atOnce(2, () => on.store.createCustomer(JIYOON));
      expect(a).toMatchObject({ locale: 'ko' });
      expect(a).not.toHaveProperty('reference');
      expect(a!.id).not.toBe(b!.id);
    });

    test('of twenty with one reference at once, one is made', async () => {
      const made = await Promise.allSettled(
        Array.from({ length: 20 }, () => on.store.createCustomer({ ...JIYOON, reference: 'user-2' })),
      );
      const refused = made.filter((one) => one.status === 'rejected');
      expect(refused).toHaveLength(19);
      for (const { reason } of refused) expect(reason).toBeInstanceOf(DuplicateReference);
    });

    test('nobody is found by an unknown id or reference', async () => {
      expect(await on.store.customer('cus_nobody')).toBeUndefined();
      expect(await on.store.customerByReference('nobody')).toBeUndefined();
    });

    test('an error says nothing of the person', async () => {
      const failing = on.store.createCustomer({ ...JIYOON, name: 'secret\u0000name', reference: 'user-3' });
      const error: Error = await failing.then(
        () => new Error('it was kept'),
        (reason) => reason,
      );
      expect(error).toMatchObject({ name: 'DatabaseError' });
      expect(`${error.stack} ${JSON.stringify(error)}`).not.toMatch(/secret|example\.com|01012345678|user-3/);
    });
  });

  describe('claims: one open checkout or live subscription for a customer and plan', () => {
    test('of twenty at once one gets it, and all hear which', async () => {
      const customer = someCustomer();
      const asked = Array.from({ length: 20 }, someSubscription);
      const holders = await atOnce(20, (turn) => on.store.claim(customer, 'plan_a', asked[turn]!));
      expect(new Set(holders).size).toBe(1);
      expect(asked).toContain(holders[0]);
      expect(await on.store.claim(customer, 'plan_a', holders[0]!)).toBe(holders[0]);
    });

    test('another plan and another customer are free', async () => {
      const customer = someCustomer();
      const [one, two, three] = [someSubscription(), someSubscription(), someSubscription()];
      expect(await on.store.claim(customer, 'plan_a', one)).toBe(one);
      expect(await on.store.claim(customer, 'plan_b', two)).toBe(two);
      expect(await on.store.claim(someCustomer(), 'plan_a', three)).toBe(three);
    });

    test('of twenty who take over from the same holder at once, one does', async () => {
      const customer = someCustomer();
      const old = someSubscription();
      await on.store.claim(customer, 'plan_a', old);
      const asked = Array.from({ length: 20 }, someSubscription);
      const holders = await atOnce(20, (turn) => on.store.claim(customer, 'plan_a', asked[turn]!, old));
      expect(new Set(holders).size).toBe(1);
      expect(asked).toContain(holders[0]);
    });

    test('a take-over from somebody who is not the holder changes nothing', async () => {
      const customer = someCustomer();
      const holder = someSubscription();
      await on.store.claim(customer, 'plan_a', holder);
      expect(await on.store.claim(customer, 'plan_a', someSubscription(), someSubscription())).toBe(holder);
    });

    test('given back it is free; giving back nothing is no error', async () => {
      const customer = someCustomer();
      const [old, next] = [someSubscription(), someSubscription()];
      await on.store.claim(customer, 'plan_a', old);
      await on.store.releaseClaim(old);
      await on.store.releaseClaim(old);
      expect(await on.store.claim(customer, 'plan_a', next)).toBe(next);
    });

    test('one subscription cannot hold two', async () => {
      const subscription = someSubscription();
      await on.store.claim(someCustomer(), 'plan_a', subscription);
      await expect(on.store.claim(someCustomer(), 'plan_a', subscription)).rejects.toMatchObject({
        name: 'DatabaseError',
        constraint: 'claims_subscription_id_key',
        unavailable: false,
      });
    });
  });

  describe('checkouts', () => {
    test('several tokens lead to one checkout, and the first content stays', async () => {
      const full = {
        subscriptionId: someSubscription(),
        successUrl: 'https://shop/ok',
        cancelUrl: 'https://shop/no',
      };
      await on.store.saveCheckout('hash-1', full);
      await on.store.saveCheckout('hash-2', { subscriptionId: full.subscriptionId });
      await on.store.saveCheckout('hash-1', { subscriptionId: someSubscription() });
      expect(await on.store.checkout('hash-1')).toEqual(full);
      expect(await on.store.checkout('hash-2')).toEqual({ subscriptionId: full.subscriptionId });
      expect(await on.store.checkout('hash-3')).toBeUndefined();
    });
  });
});

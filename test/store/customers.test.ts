import { InvalidCursor } from '#store/errors';
import { onBoth } from './both';

onBoth((on) => {
  const add = (n: number, email = `c${n}@example.com`) =>
    on.store.createCustomer({ name: `C ${n}`, email, phone: '01012345678', reference: `ref-${n}` });

  test('customers are found by e-mail, in any case of letters, and by the merchant’s own reference', async () => {
    const [one, two] = [await add(1, 'Minji@Example.com'), await add(2, 'other@example.com')];
    expect((await on.store.customers({ email: 'minji@example.COM', limit: 20 })).data).toEqual([one]);
    expect((await on.store.customers({ reference: 'ref-2', limit: 20 })).data).toEqual([two]);
    expect(
      (await on.store.customers({ email: 'minji@example.com', reference: 'ref-2', limit: 20 })).data,
    ).toEqual([]);
  });

  test('pages are newest first, and stay what they are while others are added', async () => {
    for (let n = 10; n < 16; n++) await add(n);
    const first = await on.store.customers({ limit: 3 });
    expect(first.data).toHaveLength(3);
    await add(20);
    const second = await on.store.customers({ limit: 3, cursor: first.nextCursor ?? '' });
    const both = [...first.data, ...second.data].map(({ id }) => id);
    expect(new Set(both).size).toBe(6);
    const times = [...first.data, ...second.data].map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
    await expect(on.store.customers({ limit: 3, cursor: 'nonsense' })).rejects.toThrow(InvalidCursor);
  });
});

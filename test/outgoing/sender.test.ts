import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drawSecret, openSecret, sealSecret } from '#src/outgoing/secret';
import { createSender } from '#src/outgoing/sender';
import { faultOfTarget, guardedLookup, readNetworks, THIS_MACHINE } from '#src/outgoing/target';
import type { EndpointRecord, EndpointSecret } from '#store/outgoing-store';
import { openReceiver, verified } from './receiver';

const KEYS = ['the key of today, long enough', 'the key of yesterday, long enough'];
const HERE = readNetworks(THIS_MACHINE)!;
const ID = 'we_aaaaaaaaaaaaaaaaaaaa';

function endpoint(url: string, secrets: readonly EndpointSecret[]): EndpointRecord {
  return { id: ID, url, secrets, status: 'enabled', failures: 0, createdAt: '', changedAt: '' };
}

function senderOf(given: Partial<Parameters<typeof createSender>[1]> = {}) {
  const resealed: (readonly EndpointSecret[])[] = [];
  const sender = createSender(
    { resealEndpoint: async (_id, _before, secrets) => void resealed.push(secrets) },
    { keys: KEYS, allowed: HERE, ...given },
  );
  return { sender, resealed };
}

const sealed = (secret: string, keys: readonly string[] = KEYS) => ({ sealed: sealSecret(secret, ID, keys) });

test('what the inside has is out of bounds, in every spelling', () => {
  for (const host of [
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
    ...['[::1]', '[fd00::1]', '[fe80::1]', '[::ffff:10.0.0.1]', '[64:ff9b::a00:1]', '[::]', '[2002:a00:1::]'],
    ...['[::127.0.0.1]', '[::a9fe:a9fe]', '[4000::1]', '[2001:db8::1]', '168.63.129.16'],
    ...['2130706433', '0x7f.1', '0177.0.0.1', 'localhost', 'shop.localhost', '224.0.0.1', '255.255.255.255'],
  ])
    expect({ host, fault: faultOfTarget(`https://${host}/`, []) }).toEqual({
      host,
      fault: expect.any(String),
    });
  expect(faultOfTarget('https://93.184.216.34/', [])).toBeUndefined();
  expect(faultOfTarget('https://[2606:2800:220:1:248:1893:25c8:1946]/', [])).toBeUndefined();
  expect(faultOfTarget('https://example.com/hook?key=1', [])).toBeUndefined();
  expect(faultOfTarget('http://example.com/', [])).toBe('must be an https URL');
  expect(faultOfTarget('http://127.0.0.1:4000/', HERE)).toBeUndefined();
  expect(faultOfTarget('http://10.0.0.1/', HERE)).toMatch(/private/);
});

test('a name that leads inside is refused at the moment of the connection', async () => {
  const looked = (allowed: typeof HERE, all: boolean) =>
    new Promise((resolve) =>
      guardedLookup('https:', allowed)('localhost', { all }, (error, address) =>
        resolve(error?.message ?? address),
      ),
    );
  expect(await looked([], true)).toMatch(/leads to an address that must not be a private/);
  expect(await looked(HERE, false)).toMatch(/^(127\.0\.0\.1|::1)$/);
  expect(await looked(HERE, true)).toEqual(expect.arrayContaining([expect.objectContaining({ family: 4 })]));
});

test('networks are read, and what is none is not', () => {
  expect(readNetworks(' 10.0.0.0/8, fd00::/8 ')).toHaveLength(2);
  for (const wrong of ['10.0.0.0', 'ten/8', '10.0.0.0/99']) expect(readNetworks(wrong)).toBeUndefined();
});

test('a secret is opened by any of the keys, for its own endpoint only', () => {
  const secret = drawSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const old = sealSecret(secret, ID, [KEYS[1]!]);
  expect(openSecret(old, ID, KEYS)).toEqual({ secret, isFormer: true });
  expect(openSecret(old, 'we_bbbbbbbbbbbbbbbbbbbb', KEYS)).toBeUndefined();
  expect(openSecret(old, ID, ['another key that is long enough'])).toBeUndefined();
});

test('signs with every secret, and seals anew what a former key had sealed', async () => {
  const receiver = await openReceiver();
  const [now, before] = [drawSecret(), drawSecret()];
  const { sender, resealed } = senderOf();
  const secrets = [sealed(now), { ...sealed(before, [KEYS[1]!]), until: 1 }];
  expect(await sender.send(endpoint(receiver.url, secrets), { id: 'evt_1' })).toEqual({ status: 204 });
  for (const secret of [now, before]) expect(verified(receiver.came[0]!, secret)).toEqual({ id: 'evt_1' });
  expect(resealed[0]?.map(({ sealed: text }) => openSecret(text, ID, KEYS))).toEqual([
    { secret: now, isFormer: false },
    { secret: before, isFormer: false },
  ]);
  await receiver.close();
});

test.each([
  ['a refusal', 500, {}, { status: 500, failure: 'it answered 500' }],
  [
    'a redirect',
    302,
    { location: 'http://10.0.0.1/' },
    { status: 302, failure: expect.stringMatching(/redirect/) },
  ],
  ['gone', 410, {}, { status: 410, failure: 'it answered 410: gone', isGone: true }],
  [
    'a pause',
    429,
    { 'retry-after': '30' },
    { status: 429, failure: 'it answered 429', retryAfterMs: 30_000, isForAll: true },
  ],
  ['taken', 202, {}, { status: 202 }],
])('an answer: %s', async (_name, status, headers, expected) => {
  const receiver = await openReceiver(() => ({ status, headers: headers as Record<string, string> }));
  const { sender } = senderOf();
  const sent = await sender.send(endpoint(receiver.url, [sealed(drawSecret())]), { id: 'evt_1' });
  expect(sent).toEqual(expected);
  await receiver.close();
});

test('no answer, nobody there, an address that may not be, a secret that nobody can open', async () => {
  const silent = createServer(() => undefined);
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
  const { sender } = senderOf({ timeoutMs: 100 });
  const secrets = [sealed(drawSecret())];
  expect(await sender.send(endpoint(url, secrets), { id: 'e' })).toEqual({
    failure: 'no answer within 0.1 s',
  });
  silent.closeAllConnections();
  await new Promise((closed) => silent.close(closed));
  expect(await sender.send(endpoint(url, secrets), { id: 'e' })).toEqual({ failure: 'ECONNREFUSED' });
  const inside = senderOf({ allowed: [] }).sender;
  expect(await inside.send(endpoint(url, secrets), { id: 'e' })).toEqual({
    failure: expect.stringMatching(/its address must not be a private/),
  });
  expect(await inside.send(endpoint('https://localhost./', secrets), { id: 'e' })).toEqual({
    failure: expect.stringMatching(/leads to an address that must not be|ENOTFOUND|EAI_AGAIN/),
  });
  const strange = [sealed(drawSecret(), ['another key that is long enough'])];
  expect(await sender.send(endpoint(url, strange), { id: 'e' })).toEqual({
    failure: expect.stringMatching(/PERENNIAL_LINK_KEYS/),
  });
});

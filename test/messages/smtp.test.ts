import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Carrier } from '#src/messages/carrier';
import { folderCarrier } from '#src/messages/folder';
import { type MailServer, readMailbox, readMailServer } from '#src/messages/mailbox';
import { smtpCarrier } from '#src/messages/smtp';
import { freePort } from '../support/product';
import { openPostOffice, type PostOffice, type Rules, someMessage } from './post-office';

const FROM = { name: '달빛서점', address: 'no-reply@dalbit.example' };
let office: PostOffice | undefined;
afterEach(async () => {
  await office?.close();
  office = undefined;
});

async function carrier(rules: Rules = {}, given: Partial<MailServer> = {}): Promise<Carrier> {
  office = await openPostOffice(rules);
  return smtpCarrier({ ...office.server, ...given }, FROM);
}

const header = (raw: string, name: string) =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(raw)?.[1]?.replace(/\r\n\s*/g, ' ');
/** The text of a part, whichever way it is encoded. */
function part(raw: string, type: string): string {
  const found = new RegExp(`Content-Type: ${type}[^]*?\\r\\n\\r\\n([^]*?)\\r\\n--`).exec(raw);
  const isBase64 = /base64/i.test(found?.[0].split('\r\n\r\n')[0] ?? '');
  const body = found?.[1] ?? '';
  if (isBase64) return Buffer.from(body, 'base64').toString();
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
/** "=?UTF-8?B?...?=", decoded. */
const words = (text = '') =>
  text
    .replace(/\?= =\?UTF-8/gi, '?==?UTF-8')
    .replace(/=\?UTF-8\?B\?(.*?)\?=/gi, (_, base64) => Buffer.from(base64, 'base64').toString())
    .replace(/=\?UTF-8\?Q\?(.*?)\?=/gi, (_, text_) =>
      decodeURIComponent(text_.replace(/_/g, ' ').replace(/=/g, '%')),
    );

test('a mail says who it is from, that a machine wrote it, and everything twice: as text and as HTML', async () => {
  const message = someMessage();
  expect(await (await carrier()).carry(message)).toEqual({ kind: 'sent' });
  expect(office?.mails).toHaveLength(1);
  const { to, raw } = office!.mails[0]!;
  expect(to).toBe('minji@example.com');
  expect(words(header(raw, 'From'))).toBe('달빛서점 <no-reply@dalbit.example>');
  expect(words(header(raw, 'To'))).toBe('김민지 <minji@example.com>');
  expect(words(header(raw, 'Subject'))).toBe('결제가 되지 않았습니다');
  expect(header(raw, 'Message-ID')).toBe(`<${message.id}@dalbit.example>`);
  expect(header(raw, 'Auto-Submitted')).toBe('auto-generated');
  expect(header(raw, 'Content-Language')).toBe('ko');
  expect(header(raw, 'Content-Type')).toMatch(/^multipart\/alternative/);
  expect(part(raw, 'text/plain').replace(/\r\n/g, '\n').trimEnd()).toBe(message.text);
  expect(part(raw, 'text/html').trimEnd()).toBe(message.html);
});

test('names and subjects cannot add a header', async () => {
  const to = { name: 'a"\r\nBcc: evil@example.com', email: 'minji@example.com', phone: '' };
  const message = someMessage({ subject: 'b\r\nBcc: evil@example.com', to });
  await (await carrier()).carry(message);
  expect(office?.mails.map((mail) => mail.to)).toEqual(['minji@example.com']);
  expect(header(office!.mails[0]!.raw, 'Bcc')).toBeUndefined();
});

test.each<[string, Rules['refuse'], object]>([
  [
    'for now',
    () => ({ reply: 450, text: 'try later, minji@example.com' }),
    { kind: 'later', failure: 'RCPT TO 450' },
  ],
  [
    'for good',
    () => ({ reply: 550, text: '5.1.1 <minji@example.com> no such user' }),
    { kind: 'never', failure: 'RCPT TO 550 5.1.1' },
  ],
  [
    'the mail, for now',
    () => ({ reply: 451, text: '4.7.1 minji', at: 'end' }),
    { kind: 'later', failure: 'DATA 451 4.7.1' },
  ],
  [
    'the mail, for good',
    () => ({ reply: 554, text: 'spam for minji', at: 'end' }),
    { kind: 'never', failure: 'DATA 554' },
  ],
  [
    'the sender',
    () => ({ reply: 553, text: 'not yours', at: 'sender' }),
    { kind: 'later', failure: 'MAIL FROM 553', ours: true },
  ],
])('refused %s: what it means, in codes only', async (_, refuse, verdict) => {
  expect(await (await carrier({ refuse })).carry(someMessage())).toEqual(verdict);
  expect(office?.mails).toEqual([]);
});

test('a line that breaks, nobody there, and a certificate that nobody vouches for: later', async () => {
  const breaking = await carrier({ breaks: () => 'middle' });
  expect(await breaking.carry(someMessage())).toMatchObject({
    kind: 'later',
    failure: expect.stringMatching(/^CONN E/),
  });
  await office?.close();
  const nobody = smtpCarrier({ host: '127.0.0.1', port: await freePort(), secure: false }, FROM);
  expect(await nobody.carry(someMessage())).toEqual({ kind: 'later', failure: 'CONN ECONNREFUSED' });
  const unknown = await carrier({ secure: true });
  expect(await unknown.carry(someMessage())).toMatchObject({ kind: 'later' });
  expect(office?.mails).toEqual([]);
});

test('a server that wants a login: with it, with a wrong one, without one', async () => {
  const login = { user: 'dalbit', pass: 'a p@ss:word' };
  expect(await (await carrier({ login })).carry(someMessage())).toEqual({ kind: 'sent' });
  const { server } = office!;
  const wrong = smtpCarrier({ ...server, auth: { ...login, pass: 'wrong' } }, FROM);
  expect(await wrong.carry(someMessage())).toEqual({ kind: 'later', failure: 'AUTH 535', ours: true });
  const without = smtpCarrier({ ...server, auth: undefined }, FROM);
  expect(await without.carry(someMessage())).toMatchObject({
    kind: 'later',
    failure: 'MAIL FROM 530',
    ours: true,
  });
  expect(office?.mails).toHaveLength(1);
});

test('a password does not go to another machine in the clear', async () => {
  // An address of this machine that does not look like one.
  const elsewhere = await carrier({ login: { user: 'dalbit', pass: 'password' } }, { host: '0.0.0.0' });
  expect(await elsewhere.carry(someMessage())).toMatchObject({
    kind: 'later',
    failure: expect.stringMatching(/STARTTLS/),
    ours: true,
  });
  expect(office?.mails).toEqual([]);
});

test('without a mail server a message becomes a file for its owner only, written over by a repeat', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'perennial-messages-')), 'messages');
  const message = someMessage();
  const keeps = folderCarrier(folder, FROM);
  expect(await keeps.carry(message)).toEqual({ kind: 'kept' });
  expect(await keeps.carry(message)).toEqual({ kind: 'kept' });
  expect(readdirSync(folder)).toEqual([`${message.id}.eml`]);
  const file = join(folder, `${message.id}.eml`);
  expect(statSync(file).mode & 0o077).toBe(0);
  const raw = readFileSync(file, 'utf8');
  expect(words(header(raw, 'Subject'))).toBe(message.subject);
  expect(part(raw, 'text/html').trimEnd()).toBe(message.html);

  writeFileSync(`${folder}-taken`, '');
  const blocked = folderCarrier(`${folder}-taken`, FROM);
  expect(await blocked.carry(message)).toEqual({ kind: 'later', failure: 'FILE EEXIST', ours: true });
});

test('a mailbox and a mail server are read whole or not at all', () => {
  expect(readMailbox('달빛서점 <hello@dalbit.example>')).toEqual({
    name: '달빛서점',
    address: 'hello@dalbit.example',
  });
  for (const text of [
    'hello@dalbit.example',
    '<hello@x>',
    'a <b>',
    'a <b@c>, d <e@f>',
    'a\n <b@c>',
    'a <b@c\r\n>',
    'a" <b@c>',
  ])
    expect([text, readMailbox(text)]).toEqual([text, undefined]);
  expect(readMailServer('smtps://me%40x:p%3Aw%20d@mail.example.com')).toEqual({
    host: 'mail.example.com',
    port: 465,
    secure: true,
    auth: { user: 'me@x', pass: 'p:w d' },
  });
  expect(readMailServer('smtp://[::1]:2525/')).toEqual({ host: '::1', port: 2525, secure: false });
  for (const text of [
    'mail.example.com',
    'http://x',
    'smtp://',
    'smtp://me@x',
    'smtp://x/y',
    'smtp://x?pool=true',
    'smtp://a:%zz@x',
    'smtp://x:99999',
  ])
    expect([text, readMailServer(text)]).toEqual([text, undefined]);
});

import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Addressed } from '#src/messages/carrier';
import type { MailServer } from '#src/messages/mailbox';

/** A real SMTP server on this machine, and what it has taken in. */
export interface PostOffice {
  readonly server: MailServer;
  readonly mails: readonly { readonly to: string; readonly raw: string }[];
  close(): Promise<void>;
}

export interface Rules {
  readonly login?: { readonly user: string; readonly pass: string };
  readonly secure?: boolean;
  /** What a recipient is answered instead of 250; the mail itself, with `atEnd`. */
  readonly refuse?: (to: string) => { reply: number; text: string; at?: 'sender' | 'end' } | undefined;
  /** The line breaks in the middle of the mail, or when it has been taken in and not yet been answered. */
  readonly breaks?: (to: string) => 'middle' | 'end' | undefined;
  /** Answers the mail when this resolves. */
  readonly wait?: () => Promise<void>;
}

export async function openPostOffice(rules: Rules = {}): Promise<PostOffice> {
  const { login, secure = false } = rules;
  const mails: { to: string; raw: string }[] = [];
  const sockets = new Set<Socket>();
  const breakLines = () => {
    for (const socket of sockets) socket.destroy();
  };
  const refusal = (to: string, at?: 'sender' | 'end') => {
    const said = rules.refuse?.(to);
    return said && said.at === at
      ? Object.assign(new Error(said.text), { responseCode: said.reply })
      : undefined;
  };
  const office = new SMTPServer({
    secure,
    logger: false,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS', ...(login ? [] : ['AUTH'])],
    allowInsecureAuth: true,
    authOptional: login === undefined,
    onAuth: ({ username, password }, _session, answer) =>
      username === login?.user && password === login?.pass
        ? answer(null, { user: username })
        : answer(new Error('no such login')),
    onMailFrom: (_from, _session, answer) => answer(refusal('', 'sender')),
    onRcptTo: ({ address }, _session, answer) => answer(refusal(address)),
    onData(stream, { envelope }, answer) {
      const to = envelope.rcptTo[0]?.address ?? '';
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (rules.breaks?.(to) === 'middle') breakLines();
      });
      stream.once('end', async () => {
        const refused = refusal(to, 'end');
        if (refused) return answer(refused);
        mails.push({ to, raw: Buffer.concat(chunks).toString() });
        if (rules.breaks?.(to) === 'end') return breakLines();
        await rules.wait?.();
        answer(null, 'taken');
      });
    },
  } as SMTPServerOptions);
  office.on('error', () => undefined);
  const listening = office.listen(0, '127.0.0.1');
  listening.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      // Under TLS the line is not ours to cut: Node 20 does not survive that.
      if (!secure) breakLines();
      office.close(resolve);
    });
  return { server: { host: '127.0.0.1', port, secure, ...(login && { auth: login }) }, mails, close };
}

let written = 0;

/** A message on its way, with an id of its own. */
export function someMessage(given: Partial<Addressed> = {}): Addressed {
  written += 1;
  return {
    id: `msg_${String(written)
      .replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!)
      .padStart(20, 'a')}`,
    subscriptionId: 'sub_1234567890123',
    sequence: 1,
    customerId: 'cus_a',
    kind: 'payment_failed',
    template: 'payment_failed',
    variables: {},
    locale: 'ko',
    subject: '결제가 되지 않았습니다',
    text: '안녕하세요, 김민지 님.\n.\nhttps://pay.example.com/recover/abc',
    html: '<!doctype html><html><head></head><body><p>안녕하세요, 김민지 님.</p></body></html>',
    short: '결제 실패',
    createdAt: '2027-01-31T00:00:00.000Z',
    status: 'sending',
    tries: 1,
    to: { name: '김민지', email: 'minji@example.com', phone: '01012345678' },
    ...given,
  };
}

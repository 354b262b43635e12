import { createTransport, type NodemailerError } from 'nodemailer';
import type { Addressed, Carried, Carrier } from './carrier';
import { mailOf } from './letter';
import type { Mailbox, MailServer } from './mailbox';

/** Milliseconds. All of them together stay within the loan of a message (src/store/messages.ts). */
const CONNECT = 10_000;
const SILENCE = 30_000;
const WHOLE = 60_000;

/**
 * Sends by SMTP. A connection for each message: one that is shared could leave several in doubt when it breaks. One that was
 * taken by the server while the line broke is sent again, with the same Message-ID.
 */
export function smtpCarrier(server: MailServer, from: Mailbox): Carrier {
  const { host, port, secure, auth } = server;
  const transport = createTransport({
    host,
    port,
    secure,
    // A password goes out encrypted, or to this machine.
    requireTLS: auth !== undefined && !isLoopback(host),
    auth: auth && { ...auth },
    dnsTimeout: CONNECT,
    connectionTimeout: CONNECT,
    greetingTimeout: CONNECT,
    socketTimeout: SILENCE,
  });
  return {
    async carry(message: Addressed) {
      try {
        await transport.sendMail({ ...mailOf(message, from), signal: AbortSignal.timeout(WHOLE) });
        return { kind: 'sent' };
      } catch (error) {
        return verdictOf(error as NodemailerError);
      }
    },
  };
}

/** What a failure means. Its own words are not repeated: they quote addresses, and what was sent. */
export function verdictOf(error: NodemailerError): Carried {
  const { code, command, permanent } = error;
  const failure = failureOf(error);
  if (permanent && (command === 'RCPT TO' || command === 'DATA')) return { kind: 'never', failure };
  // The address cannot be written in an envelope.
  if (code === 'EENVELOPE' && command === 'API') return { kind: 'never', failure };
  // Refused before the recipient was named: the login, or the sender.
  if (permanent || (code === 'EAUTH' && permanent === undefined))
    return { kind: 'later', failure, ours: true };
  return { kind: 'later', failure };
}

const COMMANDS = /^(CONN|API|EHLO|HELO|STARTTLS|AUTH|MAIL FROM|RCPT TO|DATA)\b/;
/** "550 5.1.1 ...": the reply, and the finer code behind it. */
const REPLY = /^([2-5]\d\d)(?:[ -]([245]\.\d{1,3}\.\d{1,3})\b)?/;
const CODE = /^E[A-Z0-9_]{1,40}$/;

/** "RCPT TO 550 5.1.1", "CONN ECONNREFUSED": codes, and nothing that anybody has written. */
function failureOf({ code, originalCode, command, response }: NodemailerError): string {
  const where = COMMANDS.exec(command ?? '')?.[1];
  const [, reply, finer] = REPLY.exec(response ?? '') ?? [];
  const why = [originalCode, code].find((each) => each !== undefined && CODE.test(each));
  return [where, reply ?? why ?? 'unknown', finer].filter((part) => part !== undefined).join(' ');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

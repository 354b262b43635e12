import type { SendMailOptions } from 'nodemailer';
import type { Addressed } from './carrier';
import type { Mailbox } from './mailbox';

/** A message as a mail: the same id whenever it is sent, so that a mailbox can tell a repeat. */
export function mailOf(message: Addressed, from: Mailbox): SendMailOptions {
  const { id, to, locale, subject, text, html } = message;
  return {
    messageId: `<${id}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
    from,
    to: { name: to.name, address: to.email },
    envelope: { from: from.address, to: [to.email] },
    subject,
    text,
    html,
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': locale },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

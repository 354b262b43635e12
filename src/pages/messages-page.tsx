import { Fragment } from 'preact';
import { parseInstant } from '#domain/calendar';
import type { MessageRecord } from '#store/message-store';
import { timeIn } from './format';
import { Page } from './layout';

/** What customers were told, for whoever tries Perennial out. */

interface ListProps {
  readonly messages: readonly MessageRecord[];
  readonly zone: string;
}

/** The latest messages; each leads to its own page. */
export function MessagesPage({ messages, zone }: ListProps) {
  return (
    <Page locale="en" title="Messages" isTest>
      <main class="card wide">
        <p class="eyebrow">
          <a href="/">Perennial</a>
        </p>
        <h1>Messages to customers</h1>
        <p>
          The latest fifty. Without a mail server (SMTP_URL) they are kept, here and as files in the data
          folder.
        </p>
        {messages.length === 0 && <p class="message">There are none yet.</p>}
        <table>
          {messages.map(({ id, subject, createdAt, status, to }) => (
            <tr key={id}>
              <td>{dayOf(createdAt, zone)}</td>
              <td>
                <a href={`/messages/${id}`}>{subject}</a>
                <br />
                <span class="small">{to ? `${to.name}, ${to.email}` : 'customer unknown'}</span>
              </td>
              <td>{status}</td>
            </tr>
          ))}
        </table>
      </main>
    </Page>
  );
}

interface MessageProps {
  readonly message: MessageRecord;
  readonly zone: string;
}

/** One message in all its forms. */
export function MessagePage({ message, zone }: MessageProps) {
  const { subject, html, text, short, to, template, status, failure, createdAt, subscriptionId, variables } =
    message;
  return (
    <Page locale="en" title={subject} isTest>
      <main class="card wide">
        <p class="eyebrow">
          <a href="/messages">Messages to customers</a>
        </p>
        <h1>{subject}</h1>
        <dl>
          <dt>To</dt>
          <dd>{to ? `${to.name}, ${to.email}, ${to.phone}` : 'customer unknown'}</dd>
          <dt>Written</dt>
          <dd>{timeIn('en', parseInstant(createdAt), zone)}</dd>
          <dt>Status</dt>
          <dd>{failure === undefined ? status : `${status} (${failure})`}</dd>
          <dt>Subscription</dt>
          <dd>{subscriptionId}</dd>
          <dt>Template</dt>
          <dd>{template}</dd>
        </dl>
        <h2>As HTML</h2>
        <iframe
          class="letter"
          title="The message as HTML"
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          srcdoc={inNewTabs(html)}
        />
        <h2>As text</h2>
        <pre>{text}</pre>
        <h2>As a text message</h2>
        <pre>{short}</pre>
        <h2>Its values</h2>
        <dl>
          {Object.entries(variables).map(([name, value]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </Fragment>
          ))}
        </dl>
      </main>
    </Page>
  );
}

/** A link in the letter leads out of its frame, which may show nothing else. */
function inNewTabs(html: string): string {
  return html.replace('<head>', '<head><base target="_blank">');
}

/** "2027-02-28 09:00" */
function dayOf(at: string, zone: string): string {
  const { format } = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return format(parseInstant(at));
}

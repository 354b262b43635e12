/** What the environment says about mail, read into parts. */

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps). Otherwise it is begun where the server offers it, and always before a password is sent. */
  readonly secure: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
}

const MAILBOX = /^([^<>"@\p{Cc}]{1,100}?) *<([^\s<>@",;\p{Cc}]{1,64}@[^\s<>@",;\p{Cc}]{1,255})>$/u;
const PORTS = { 'smtp:': 587, 'smtps:': 465 } as const;

/** "달빛서점 <hello@example.com>"; undefined for anything else. */
export function readMailbox(text: string): Mailbox | undefined {
  const [, name, address] = MAILBOX.exec(text.trim()) ?? [];
  return name && address ? { name: name.trim(), address } : undefined;
}

/** "smtps://user:password@mail.example.com:465"; undefined for anything else. The port is 587, of smtps 465, where none is given. */
export function readMailServer(text: string): MailServer | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const { protocol, hostname, port, username, password } = url;
  if (protocol !== 'smtp:' && protocol !== 'smtps:') return undefined;
  if (hostname === '' || !['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '')
    return undefined;
  if ((username === '') !== (password === '')) return undefined;
  try {
    const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
    return {
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? PORTS[protocol] : Number(port),
      secure: protocol === 'smtps:',
      ...(username !== '' && { auth }),
    };
  } catch {
    return undefined;
  }
}

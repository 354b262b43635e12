import { renderToString } from 'preact-render-to-string';
import type { Locale } from '#src/plans';

/** The form of a message: plain text, and HTML that every mail program shows. Styles are inline, and nothing is loaded from anywhere. */
export interface Letter {
  readonly locale: Locale;
  readonly subject: string;
  readonly hello: string;
  readonly paragraphs: readonly string[];
  readonly rows: readonly { readonly label: string; readonly value: string }[];
  readonly action: { readonly label: string; readonly link: string } | undefined;
  readonly footer: string;
}

/** Complete without the HTML. */
export function textOf({ hello, paragraphs, rows, action, footer }: Letter): string {
  const list = rows.map(({ label, value }) => `${label}: ${value}`).join('\n');
  const link = action && `${action.label}: ${action.link}`;
  return `${[hello, ...paragraphs, list, link, `-- \n${footer}`].filter(Boolean).join('\n\n')}\n`;
}

const FONT = "-apple-system,'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',Roboto,sans-serif";
const STYLES = {
  body: `margin:0;padding:24px 12px;background:#f4f5f7;font-family:${FONT};color:#1c1e21;line-height:1.6;word-break:keep-all`,
  card: 'max-width:520px;margin:0 auto;background:#ffffff;border-radius:12px;padding:28px 24px;text-align:left',
  hello: 'margin:0 0 16px',
  paragraph: 'margin:0 0 14px',
  table: 'width:100%;border-collapse:collapse;margin:20px 0 4px;font-size:14px',
  label:
    'padding:9px 12px 9px 0;border-top:1px solid #e4e6ea;color:#5f6670;text-align:left;font-weight:400;white-space:nowrap;vertical-align:top',
  value: 'padding:9px 0;border-top:1px solid #e4e6ea;text-align:right;word-break:break-word',
  button:
    'display:block;margin:24px 0 8px;padding:13px 20px;background:#1a56db;color:#ffffff;border-radius:8px;text-align:center;text-decoration:none;font-weight:600',
  footer: 'max-width:520px;margin:16px auto 0;color:#5f6670;font-size:12px;text-align:center',
} as const;

/** Everything that is a name or an amount is escaped. */
export function htmlOf(letter: Letter): string {
  return `<!doctype html>${renderToString(<Page {...letter} />)}`;
}

function Page({ locale, subject, hello, paragraphs, rows, action, footer }: Letter) {
  return (
    <html lang={locale}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light" />
        <title>{subject}</title>
      </head>
      <body style={STYLES.body}>
        <div style={STYLES.card}>
          <p style={STYLES.hello}>{hello}</p>
          {paragraphs.map((paragraph) => (
            <p key={paragraph} style={STYLES.paragraph}>
              {paragraph}
            </p>
          ))}
          {rows.length > 0 && <Rows rows={rows} />}
          {action && (
            <a href={action.link} style={STYLES.button}>
              {action.label}
            </a>
          )}
        </div>
        <p style={STYLES.footer}>{footer}</p>
      </body>
    </html>
  );
}

function Rows({ rows }: Pick<Letter, 'rows'>) {
  return (
    <table role="presentation" style={STYLES.table}>
      <tbody>
        {rows.map(({ label, value }) => (
          <tr key={label}>
            <th style={STYLES.label}>{label}</th>
            <td style={STYLES.value}>{value.startsWith('https://') ? <a href={value}>{value}</a> : value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

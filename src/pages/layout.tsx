import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Locale } from '#src/plans';
import { STYLE } from './assets';
import { WORDS } from './words';

interface Frame {
  readonly locale: Locale;
  readonly title: string;
  readonly isTest: boolean;
  /** Where the same page is in the other language; no switch when absent. */
  readonly otherLanguage?: string;
  /** A style beside that of all pages. */
  readonly style?: string;
  /** In this order: classic scripts of others, then modules of ours. */
  readonly scripts?: readonly { readonly src: string; readonly module: boolean }[];
  readonly children: ComponentChildren;
}

/** A whole page as HTML. */
export function pageOf(page: preact.JSX.Element): string {
  return `<!doctype html>${renderToString(page)}`;
}

/** What every page has around it. */
export function Page({ locale, title, isTest, otherLanguage, style, scripts = [], children }: Frame) {
  const words = WORDS[locale];
  const other: Locale = locale === 'ko' ? 'en' : 'ko';
  return (
    <html lang={locale}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={STYLE.path} />
        {style !== undefined && <link rel="stylesheet" href={style} />}
        {scripts.map(({ src, module }) =>
          module ? <script key={src} src={src} type="module" /> : <script key={src} src={src} defer />,
        )}
      </head>
      <body>
        {isTest && <p class="test">{words.test}</p>}
        {children}
        {otherLanguage !== undefined && (
          <footer>
            <a href={otherLanguage} lang={other} hreflang={other}>
              {words.otherLanguage}
            </a>
          </footer>
        )}
      </body>
    </html>
  );
}

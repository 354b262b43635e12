import type { Locale } from '#src/plans';
import { Page } from './layout';
import { WORDS, type Words } from './words';

/** Pages that only say something. */
export type Notice = 'ended' | 'expired' | 'over' | 'stale' | 'notStarted' | 'unknown' | 'away';

const STATUS: Readonly<Record<Notice, number>> = {
  ended: 410,
  expired: 410,
  over: 410,
  stale: 410,
  notStarted: 200,
  unknown: 404,
  away: 503,
};

/** The HTTP status that goes with a notice. */
export function statusOf(notice: Notice): number {
  return STATUS[notice];
}

interface NoticeProps {
  readonly notice: Notice;
  readonly locale: Locale;
  readonly isTest: boolean;
  readonly otherLanguage?: string;
  readonly backTo?: string;
}

/** A page with a title, a sentence and perhaps a way back. */
export function NoticePage({ notice, locale, isTest, otherLanguage, backTo }: NoticeProps) {
  const words = WORDS[locale];
  const { title, text } = textOf(notice, words);
  return (
    <Page locale={locale} title={title} isTest={isTest} otherLanguage={otherLanguage}>
      <main class="card">
        <section class="state">
          <p class="mark muted" aria-hidden="true">
            {notice === 'away' ? '…' : '!'}
          </p>
          <h1>{title}</h1>
          <p>{text}</p>
          {backTo !== undefined && (
            <a class="button plain" href={backTo}>
              {words.back}
            </a>
          )}
        </section>
      </main>
    </Page>
  );
}

function textOf(notice: Notice, words: Words): { title: string; text: string } {
  return { title: words[`${notice}Title`], text: words[`${notice}Text`] };
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { renderMessage, templateOf } from '#messages/render';
import { SAMPLES } from '#messages/samples';
import type { Command } from './commands';

/** `perennial messages`: every message to customers, written to files. Needs no running product. */
export const messages: Command = {
  summary: 'writes every message to customers to files, to look at the words',
  usage: 'perennial messages [--out message-preview] [--merchant name] [--plan name] [--json]',
  help: `Every kind, tone and cause in Korean and in English, as HTML and as plain text, and an index.html that lists them.
The words are in src/messages/words-ko.ts and words-en.ts.`,
  takes: [],
  isLocal: true,
  options: { out: { type: 'string' }, merchant: { type: 'string' }, plan: { type: 'string' } },
  run: async (_api, { flags }) => {
    const folder = resolve(String(flags.out ?? 'message-preview'));
    mkdirSync(folder, { recursive: true });
    const written = SAMPLES.flatMap((message) =>
      (['ko', 'en'] as const).map((locale) => {
        const rendered = renderMessage(message, {
          locale,
          zone: 'Asia/Seoul',
          planName: String(flags.plan ?? (locale === 'ko' ? '월간 멤버십' : 'Monthly membership')),
          merchant: String(flags.merchant ?? (locale === 'ko' ? '우리 가게' : 'Our shop')),
          link: 'https://shop.example/recover/preview',
          isTest: false,
          customerName: locale === 'ko' ? '김민지' : 'Minji Kim',
        });
        const name = `${templateOf(message)}.${locale}`;
        writeFileSync(join(folder, `${name}.html`), rendered.html);
        writeFileSync(
          join(folder, `${name}.txt`),
          `${rendered.subject}\n\n${rendered.text}\n(SMS) ${rendered.short}\n`,
        );
        return { name, subject: rendered.subject };
      }),
    );
    const list = written.map(
      ({ name, subject }) => `<li><a href="${name}.html">${name}</a> ${escaped(subject)}</li>`,
    );
    writeFileSync(
      join(folder, 'index.html'),
      `<!doctype html><meta charset="utf-8"><ul>${list.join('\n')}</ul>\n`,
    );
    return { text: `${written.length} messages are in ${folder}; begin with index.html.`, json: written };
  },
};

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

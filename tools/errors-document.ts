import { REFUSALS } from '../src/domain/refusal';

/** Writes docs/errors.md from the table of refusals: run by `npm run docs`. */
const rows = Object.entries(REFUSALS).map(
  ([code, { status, sentence }]) => `| \`${code}\` | ${status} | ${sentence} |`,
);
console.log(`# Refusals

Every error is answered as RFC 9457 problem+json: \`{ type, title, status, detail, code }\`, a wrong form also with \`faults: [{ path, message }]\`. The
typed client throws \`RefusedError\` with the same \`code\`. Codes never change their meaning. This page is written from \`src/domain/refusal.ts\` by
\`npm run docs\`.

| code | status | sentence |
|---|---|---|
${rows.join('\n')}`);

// temporal-polyfill is published as ES modules only, which neither jest nor Node before 20.19 takes by `require`. What is built
// therefore holds it as one CommonJS file, with its licence; the sources take the package itself (`#temporal-polyfill`).
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const target = path.join(root, 'dist', 'temporal-polyfill');
const fromHere = createRequire(import.meta.url);
// esbuild comes with tsx, wherever npm has put it.
const { build } = createRequire(fromHere.resolve('tsx/package.json'))('esbuild');

const entry = fromHere.resolve('temporal-polyfill/implementation');
await build({
  entryPoints: [entry],
  outfile: path.join(target, 'implementation.js'),
  bundle: true,
  format: 'cjs',
  platform: 'neutral',
  target: 'es2022',
  // The package says that its files have no side effects; the one that adds the calendars has.
  ignoreAnnotations: true,
  logLevel: 'warning',
});
// Of the same author and under the same words: temporal-utils, which is packed in as well.
copyFileSync(path.join(path.dirname(entry), 'LICENSE'), path.join(target, 'LICENSE'));

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REFUSALS } from '#domain/refusal';
import { COMMANDS } from '#src/cli/commands';

/** The manual is a test subject. */
const ROOT = join(__dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

test('docs/errors.md lists every refusal with its status and sentence, and no other', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| `(\w+)` \| (\d+) \| (.*) \|$/gm)].map(
    ([, code, status, sentence]) => ({ code, status: Number(status), sentence }),
  );
  expect(rows).toEqual(
    Object.entries(REFUSALS).map(([code, { status, sentence }]) => ({ code, status, sentence })),
  );
});

test('every variable of the environment is documented, and no other', () => {
  const read_ = new Set(
    [...read('src/environment.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name),
  );
  const table = read('docs/operations.md').split('## What needs a person')[0] ?? '';
  const documented = new Set(
    [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) =>
      [...(cell ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name),
    ),
  );
  documented.delete('TEMPORAL_PORT'); // read by tools/start.mjs, which starts that server
  expect([...documented].sort()).toEqual([...read_].sort());
});

test('every alert code is documented', () => {
  const codes = [
    ...(/export type AlertCode =([\s\S]*?);/.exec(read('src/domain/event.ts'))?.[1] ?? '').matchAll(
      /'(\w+)'/g,
    ),
  ].map(([, code]) => code ?? '');
  expect(codes.length).toBeGreaterThan(5);
  expect(codes.filter((code) => !read('docs/operations.md').includes(`\`${code}\``))).toEqual([]);
});

test('every npm command and every file that the documents name exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const documents = [
    'README.md',
    ...readdirSync(join(ROOT, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  for (const document of documents) {
    const text = read(document);
    const commands = [...text.matchAll(/npm (?:run )?([a-z]+)\b/g)]
      .map(([, name]) => name ?? '')
      .filter((name) => !['ci', 'install', 'pack'].includes(name));
    expect(
      commands.filter((name) => !(name in scripts)).map((name) => `${document}: npm run ${name}`),
    ).toEqual([]);
    const files = [...text.matchAll(/`((?:src|workflows|activities|test|docs|tools)\/[\w./-]+)`/g)].map(
      ([, file]) => file ?? '',
    );
    expect(
      files.filter((file) => !existsSync(join(ROOT, file))).map((file) => `${document}: ${file}`),
    ).toEqual([]);
  }
});

test('every command of the program that a document names exists', () => {
  const documents = ['README.md', ...['docs', 'examples'].flatMap(markdownIn)];
  const named = documents.flatMap((document) =>
    [...read(document).matchAll(/npm run perennial -- ([a-z-]+)/g)].map(([, name]) => `${document}: ${name}`),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((each) => !(each.replace(/^.*: /, '') in COMMANDS))).toEqual([]);
  const table = read('docs/operations.md').split('## The command line')[1] ?? '';
  const rows = [...table.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell]) => cell ?? '');
  const missing = Object.keys(COMMANDS).filter((name) => !rows.some((cell) => cell.includes(`\`${name}`)));
  expect(missing).toEqual([]);
});

function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

test('README.md stays under 120 lines', () => {
  expect(read('README.md').split('\n').length).toBeLessThan(120);
});

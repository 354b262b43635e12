import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Each folder's promise, held by its imports: what it may take values from. Types may come from anywhere. */
const ROOT = join(__dirname, '..');
const MAY_IMPORT: Record<string, RegExp[]> = {
  'src/domain': [/^\.\//, /^#temporal-polyfill$/],
  workflows: [/^\.\//, /^#domain\//, /^@temporalio\/workflow$/],
  activities: [/^\.\//, /^#domain\//, /^#providers\/provider$/, /^#store\/store$/, /^@temporalio\/activity$/],
  'src/contract': [/^\.\//, /^#domain\//, /^zod$/],
  'src/store': [/^\.\.?\//, /^#domain\//, /^node:/, /^pg$/, /^@electric-sql\/pglite/],
  'src/providers': [/^\.\.?\//, /^#domain\//, /^#providers\//, /^node:/, /^zod$/, /^express$/, /^preact/],
};
/** Only these folders may know the package. */
const ONLY_IN: [RegExp, RegExp][] = [
  [/^@temporalio\/(client|worker|envconfig|proto)$/, /^src\/(engine|testing)\/|^src\/compose\.ts$/],
  [/^(pg|@electric-sql\/pglite.*)$/, /^src\/store\//],
  [/^nodemailer/, /^src\/messages\//],
  [/^express/, /^src\/(api|pages)\/|^src\/providers\/steppay\/simulator\//],
];
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\bfrom\s+)?['"]([^'"]+)['"]/gm;

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath ?? entry.path, entry.name)));
}

function valueImports(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(IMPORT)]
    .filter(([statement]) => !onlyTypes(statement))
    .map(([, from]) => from ?? '');
}

/** `import { type A, type B } from` takes no value. */
function onlyTypes(statement: string): boolean {
  const names = /\{([^}]*)\}/.exec(statement)?.[1];
  if (names === undefined || /^(?:import|export)\s+\w+\s*,/.test(statement)) return false;
  return names
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
    .every((name) => name.startsWith('type '));
}

describe('the folders keep their promises', () => {
  for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
    test(`${folder} takes values only from what it may`, () => {
      const files = sources(folder);
      expect(files.length).toBeGreaterThan(0);
      const wrong = files.flatMap((file) =>
        valueImports(file)
          .filter((from) => !allowed.some((pattern) => pattern.test(from)))
          .map((from) => `${file} imports ${from}`),
      );
      expect(wrong).toEqual([]);
    });
  }

  test('outside things are known in one place only', () => {
    const files = ['src', 'workflows', 'activities'].flatMap(sources);
    const wrong = files.flatMap((file) =>
      valueImports(file).flatMap((from) =>
        ONLY_IN.filter(([what, where]) => what.test(from) && !where.test(file)).map(
          () => `${file} imports ${from}`,
        ),
      ),
    );
    expect(wrong).toEqual([]);
  });

  test('no clock and no environment in the core; the environment is read in one file', () => {
    const core = sources('src/domain').filter((file) =>
      /Date\.now|new Date\(\)|Temporal\.Now|process\.|Math\.random/.test(
        readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''),
      ),
    );
    expect(core).toEqual([]);
    const env = ['src', 'workflows', 'activities']
      .flatMap(sources)
      .filter((file) => /process\.env/.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(env.sort()).toEqual(['src/cli/main.ts', 'src/main.ts', 'src/providers/steppay/simulator/main.ts']);
  });

  test('the core keeps nothing between two calls: all runs in a worker share its modules', () => {
    const keeps = /^(?:export )?(?:let|var)\b|^(?:export )?const \w+ = new (?:Map|Set|WeakMap|WeakSet)\b/m;
    const keepers = sources('src/domain').filter((file) =>
      keeps.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(keepers).toEqual([]);
  });

  test('files stay under 250 lines and say what they know by their name', () => {
    const files = ['src', 'workflows', 'activities', 'test'].flatMap(sources);
    expect(files.filter((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 251)).toEqual(
      [],
    );
    expect(
      files.filter((file) => /(^|\/)(utils?|helpers?|common|types|managers?)(\.|\/|$)/.test(file)),
    ).toEqual([]);
  });
});

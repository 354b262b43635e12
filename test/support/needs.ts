/** Which servers the tests of a folder need, so that a run of the pure ones starts none. What is not named needs all. */

export type Server = 'temporal' | 'postgres' | 'product';

const ALL: readonly Server[] = ['temporal', 'postgres', 'product'];
const NEEDS: Readonly<Record<string, readonly Server[]>> = {
  'test/domain': [],
  'test/inbox': [],
  'test/simulation': [],
  'test/api': [],
  'test/cli/keys': [],
  'test/pages/served': [],
  'test/pages/terms': [],
  'test/providers': [],
  'test/tools': ['temporal'],
  'test/architecture': [],
  'test/compose': [],
  'test/config': [],
  'test/links': [],
  'test/messages': ['postgres'],
  'test/openapi': ['temporal', 'postgres'],
  'test/outgoing': [],
  'test/store': ['postgres'],
  'test/workflows/replay': [],
  'test/workflows': ['temporal'],
  'test/activities': [],
  'test/documents': [],
  'test/faults': ['temporal', 'postgres'],
};

/** The servers needed for what was asked on the command line; for everything when nothing was named. */
export function serversFor(patterns: readonly string[]): ReadonlySet<Server> {
  if (patterns.length === 0) return new Set(ALL);
  return new Set(patterns.flatMap((pattern) => neededBy(pattern)));
}

function neededBy(pattern: string): readonly Server[] {
  const path = pattern.replaceAll('\\', '/').replace(/^.*?(?=test\/)/, '');
  const known = Object.keys(NEEDS).find((folder) => path.startsWith(folder));
  return known === undefined ? ALL : (NEEDS[known] ?? ALL);
}

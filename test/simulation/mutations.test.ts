import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { catcherOf, copyOfTheCore } from './mutations';
import { PLANTED } from './planted';

/** Five of the planted bugs; `npm run mutations` plants all of them, and shows first that the core without one passes. */
const QUICK = [
  ['charges while another charge is unsettled', 'no charge while another is unsettled'],
  ['takes the receipt of another order', 'the ledgers agree'],
  ['sends an unanswered refund again without a look', 'a refund is made once'],
  ['ends a period one interval too late', 'periods tile'],
  ['forgets request keys', 'a repeated key has one effect'],
] as const;

describe('a core that', () => {
  let folder = '';
  beforeAll(() => {
    folder = copyOfTheCore();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(QUICK)('%s is caught: %s', async (name, promise) => {
    const bug = PLANTED.find((planted) => planted.name === name);
    expect(bug && (await catcherOf(folder, bug))).toBe(`simulation: ${promise}`);
  });
});

test.each(PLANTED.map(({ name, places }) => ({ name, places })))(
  '$name: its text stands in the core once',
  ({ places }) => {
    for (const { file, find } of places) {
      const source = readFileSync(path.resolve(__dirname, '../../src/domain', file), 'utf8');
      expect(source.split(find)).toHaveLength(2);
    }
  },
);

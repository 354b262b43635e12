import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StandIn } from './stand-in';

let clone: StandIn;
beforeEach(() => {
  clone = new StandIn();
  const config = {
    testMatch: ['<rootDir>/test/**/*.test.js'],
    reporters: ['default', '<rootDir>/tools/jest-summary.cjs'],
  };
  writeFileSync(join(clone.folder, 'jest.config.json'), JSON.stringify(config));
  mkdirSync(join(clone.folder, 'test'));
});
afterEach(() => clone.remove());

async function lastLine() {
  const { code, printed } = await clone.run(['tools/test.mjs', '--runInBand']).ended;
  return { code, last: printed.trimEnd().split('\n').at(-1) };
}

function write(name: string, source: string) {
  writeFileSync(join(clone.folder, 'test', name), source);
}

it('ends with the numbers of the whole run', async () => {
  write('one.test.js', "test('a', () => {}); test('b', () => {}); test.skip('c', () => {});");
  expect(await lastLine()).toEqual({ code: 0, last: '2 passed, 0 failed' });
});

it('counts a file that cannot be loaded as a failure', async () => {
  write('one.test.js', "test('a', () => {}); test('b', () => { throw new Error('no'); });");
  write('two.test.js', "require('./missing');");
  expect(await lastLine()).toEqual({ code: 1, last: '1 passed, 2 failed' });
});

it('fails when there was no test to run', async () => {
  expect(await lastLine()).toEqual({ code: 1, last: '0 passed, 0 failed' });
});

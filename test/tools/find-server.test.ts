import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StandIn } from './stand-in';

let clone: StandIn;
beforeEach(() => {
  clone = new StandIn();
});
afterEach(() => clone.remove());

/** A machine with these programs alone, no network, and an empty cache. */
function machineWith(programs: Record<string, string>) {
  const bin = join(clone.folder, 'bin');
  mkdirSync(bin);
  for (const name of ['node', 'sh'])
    symlinkSync(name === 'node' ? process.execPath : '/bin/sh', join(bin, name));
  for (const [name, says] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho '${says}'\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return { PATH: bin, XDG_CACHE_HOME: join(clone.folder, 'cache'), HTTPS_PROXY: 'http://127.0.0.1:9' };
}

function prepare(programs: Record<string, string>) {
  return clone.run(['tools/temporal-run.mjs', '--prepare'], machineWith(programs)).ended;
}

it('takes a Temporal CLI that is new enough', async () => {
  const { code, printed } = await prepare({ temporal: 'temporal version 1.10.0 (Server 1.33.0, UI 2.60.0)' });
  expect({ code, printed }).toEqual({ code: 0, printed: '' });
});

it('passes over an old CLI, and says in one sentence which ways there are', async () => {
  const { code, printed } = await prepare({ temporal: 'temporal version 1.8.3 (Server 1.31.0, UI 2.49.1)' });
  expect(code).toBe(1);
  expect(printed).toContain('The temporal CLI on PATH is 1.8.3; 1.9 or newer is needed, so it is not used.');
  expect(printed).toContain('The Temporal CLI could not be downloaded here');
  expect(printed.trimEnd().split('\n').at(-1)).toBe(
    'No Temporal server was found (Go is not on PATH): install the Temporal CLI 1.9 or newer, or install Go 1.21 or newer ' +
      'so that the pinned server can be built once, or set TEMPORAL_ADDRESS to a server that is running.',
  );
});

it('names a Go that is too old to build the server', async () => {
  const { printed } = await prepare({ go: 'go version go1.19.8 linux/amd64' });
  expect(printed).toContain('No Temporal server was found (Go 1.19 on PATH is older than 1.21)');
});

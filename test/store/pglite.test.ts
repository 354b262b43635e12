import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { lockFolder } from '#store/folder-lock';
import { openStore, StoreRefused } from '#store/index';
import { pglite } from '#store/pglite';
import { pollUntil } from '../support/until';

// Each test opens PostgreSQL compiled to WebAssembly several times, which takes seconds on a busy machine.
jest.setTimeout(120_000);

let made: string;
let dataDir: string;
let children: ChildProcess[] = [];
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'perennial-store-'));
  await (await openStore({ dataDir: made })).close();
});
afterAll(() => rmSync(made, { recursive: true, force: true }));
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'perennial-store-'));
});
afterEach(async () => {
  for (const child of children) await killed(child);
  children = [];
  rmSync(dataDir, { recursive: true, force: true });
});

/** A store that was opened and closed before: making one takes longest. */
function givenStore(): void {
  cpSync(made, dataDir, { recursive: true });
}

function keeper(): ChildProcess {
  const program = join(__dirname, 'keeper.ts');
  const child = spawn(
    process.execPath,
    ['--conditions=perennial-source', '--require', 'tsx/cjs', program, dataDir],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** The numbers that it has printed when it is killed, in the middle of whatever it does then. */
async function killedAfter(child: ChildProcess, lines: number): Promise<string[]> {
  const numbers: string[] = [];
  for await (const number of createInterface({ input: child.stdout! })) {
    numbers.push(number);
    if (numbers.length === lines) child.kill('SIGKILL');
  }
  await killed(child);
  return numbers;
}

test('what it said it kept is there after a hard kill, several times over', async () => {
  givenStore();
  const kept: string[] = [];
  for (const lines of [1, 40, 300]) kept.push(...(await killedAfter(keeper(), lines)));
  expect(kept.length).toBeGreaterThanOrEqual(341);
  const store = await openStore({ dataDir });
  const missing = [];
  for (const number of kept) if (!(await store.attempt(number))) missing.push(number);
  await store.close();
  expect(missing).toEqual([]);
});

test('killed while the folder is being made, it is made anew', async () => {
  const child = keeper();
  await pollUntil(() => existsSync(join(dataDir, 'database.unfinished', 'global')));
  await killed(child);
  expect(existsSync(join(dataDir, 'database'))).toBe(false);
  const store = await openStore({ dataDir });
  const id = await store.reserveSubscriptionId('k');
  await store.close();
  expect(readdirSync(dataDir)).toEqual(['database']);
  const again = await openStore({ dataDir });
  expect(await again.reserveSubscriptionId('k')).toBe(id);
  await again.close();
});

test('a folder that is open elsewhere is refused, with the process that has it', async () => {
  givenStore();
  const child = keeper();
  const lines = createInterface({ input: child.stdout! });
  await Promise.race([once(lines, 'line'), once(lines, 'close')]);
  const refused = openStore({ dataDir });
  await expect(refused).rejects.toBeInstanceOf(StoreRefused);
  await expect(openStore({ dataDir })).rejects.toThrow(
    `the data folder is open in process ${child.pid}: stop that first`,
  );
  await killed(child);
  const store = await openStore({ dataDir });
  await expect(openStore({ dataDir })).rejects.toThrow('already open in this process');
  await store.close();
  await store.close();
  await expect(store.ping()).rejects.toMatchObject({ name: 'DatabaseError', unavailable: true });
});

test('only its owner may read the folder, and a commit is on the disk before it is answered', async () => {
  givenStore();
  const db = await pglite(dataDir);
  expect(statSync(join(dataDir, 'database')).mode & 0o777).toBe(0o700);
  expect(
    await db.query(
      "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit",
    ),
  ).toEqual([{ fsync: 'on', commit: 'on' }]);
  await db.script('create table t (n integer)');
  const synced = jest.spyOn(fs, 'fsyncSync');
  await db.query('insert into t values ($1)', [1]);
  expect(synced).toHaveBeenCalled();
  await db.close();
});

test('transactions run one after the other, and one that throws leaves nothing', async () => {
  givenStore();
  const db = await pglite(dataDir);
  await db.script('create table t (n integer); insert into t values (0)');
  const adding = Array.from({ length: 20 }, (_, turn) =>
    db.transaction(async (tx) => {
      const [row] = await tx.query<{ n: number }>('select n from t');
      await tx.query('update t set n = $1', [row!.n + 1]);
      if (turn % 2 === 1) throw new Error('changed my mind');
    }),
  );
  const ends = await Promise.allSettled(adding);
  expect(
    ends.filter((end) => end.status === 'rejected' && end.reason.message === 'changed my mind'),
  ).toHaveLength(10);
  expect(await db.query('select n from t')).toEqual([{ n: 10 }]);
  await db.close();
});

describe('the lock of a folder', () => {
  const path = () => join(dataDir, 'database.lock');
  const leave = (owner: unknown) =>
    writeFileSync(path(), typeof owner === 'string' ? owner : JSON.stringify(owner));

  test.each([
    ['a process that is gone', { pid: 2 ** 30, host: hostname(), began: '', nonce: 'x' }],
    [
      'an earlier process with the same id',
      { pid: process.pid, host: hostname(), began: 'before/1', nonce: 'x' },
    ],
    ['nobody can tell whom', 'not a lock'],
  ])('left by %s, it goes to one of twenty', async (_, owner) => {
    leave(owner);
    const takers = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(path())));
    const locks = takers.filter((taker) => taker.status === 'fulfilled');
    expect(locks).toHaveLength(1);
    for (const taker of takers)
      if (taker.status === 'rejected') expect(taker.reason).toBeInstanceOf(StoreRefused);
    await locks[0]!.value.release();
    expect(readdirSync(dataDir)).toEqual([]);
  });

  test('left by a process that died as it removed another, it goes to one of twenty', async () => {
    leave({ pid: 2 ** 30, host: hostname(), began: '', nonce: 'x' });
    writeFileSync(
      `${path()}.stale`,
      JSON.stringify({ pid: 2 ** 30, host: hostname(), began: '', nonce: 'y' }),
    );
    const takers = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(path())));
    expect(takers.filter((taker) => taker.status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(dataDir)).toEqual(['database.lock']);
  });

  test('of another host it is refused, for nobody here can tell whether that lives', async () => {
    leave({ pid: 7, host: 'elsewhere', began: '', nonce: 'x' });
    await expect(lockFolder(path())).rejects.toThrow('the data folder is open on host elsewhere (process 7)');
  });

  test('giving it back leaves the lock of somebody else alone', async () => {
    const lock = await lockFolder(path());
    leave({ pid: 7, host: 'elsewhere', began: '', nonce: 'x' });
    await lock.release();
    expect(existsSync(path())).toBe(true);
  });
});

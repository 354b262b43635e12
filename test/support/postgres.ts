import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { watchOver } from './guard';
import { freePort } from './product';
import { pollUntil } from './until';

/** PostgreSQL for tests: a throw-away cluster of the machine's own server, and databases in it. */

export interface RunningPostgres {
  /** Of the maintenance database; `freshDatabase` makes others. */
  readonly url: string;
  /** Takes the server away in the middle of everything, as a power cut would. */
  kill(): Promise<void>;
  /** Brings it back on the same port with the data it had. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

const USER = 'perennial';
const STARTS_WITHIN_MS = 60_000;
/** Durability costs time and only matters when the machine itself fails. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];

/** Starts a cluster of its own on a free port. @throws Error naming what is missing */
export async function startPostgres(): Promise<RunningPostgres> {
  const programs = findPrograms();
  const owner = ownerOfTheServer();
  const folder = mkdtempSync(join(tmpdir(), 'perennial-postgres-'));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  execFileSync(
    join(programs, 'initdb'),
    [
      '-D',
      data,
      '-U',
      USER,
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ],
    { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const port = await freePort();
  const url = `postgres://${USER}@127.0.0.1:${port}/postgres`;
  const launch = () => launchServer(join(programs, 'postgres'), { data, folder, port, url, owner });
  let server = await launch();
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    // SIGQUIT: ends at once without writing anything more, and recovers at the next start.
    server.kill('SIGQUIT');
    await once(server, 'exit');
  };
  return {
    url,
    kill,
    restart: async () => {
      await kill();
      server = await launch();
    },
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A new empty database in the cluster that the tests share.
 * @throws Error when the tests were started in a way that needs no PostgreSQL
 */
export async function freshDatabase(cluster = process.env.TEST_DATABASE_URL): Promise<string> {
  if (!cluster) {
    throw new Error('PostgreSQL was not started for these tests: name their folder in test/support/needs.ts');
  }
  const name = `test_${randomBytes(8).toString('hex')}`;
  const client = new Client({ connectionString: cluster });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return url.href;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

interface Launch {
  readonly data: string;
  readonly folder: string;
  readonly port: number;
  readonly url: string;
  readonly owner: Owner | undefined;
}

async function launchServer(
  program: string,
  { data, folder, port, url, owner }: Launch,
): Promise<ChildProcess> {
  const options = [`listen_addresses=127.0.0.1`, `port=${port}`, `unix_socket_directories=`, ...SETTINGS];
  const server = spawn(program, ['-D', data, ...options.flatMap((option) => ['-c', option])], {
    ...owner,
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2_000)));
  watchOver(server, 'SIGQUIT');
  await pollUntil(
    async () => {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ended at its start:\n${said}`);
      return accepts(url);
    },
    STARTS_WITHIN_MS,
    'that PostgreSQL accepts connections',
  );
  return server;
}

async function accepts(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The folder of the newest initdb and postgres; Debian keeps them off PATH. */
function findPrograms(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
    ...pgConfigFolder(),
  ];
  const found = places.find((place) => ['initdb', 'postgres'].every((name) => existsSync(join(place, name))));
  if (found) return found;
  throw new Error(
    'PostgreSQL was not found: install its server (Debian: apt-get install postgresql), or set ' +
      'PERENNIAL_TEST_DATABASE_URL to a server where the tests may create databases.',
  );
}

function pgConfigFolder(): string[] {
  try {
    return [
      execFileSync('pg_config', ['--bindir'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim(),
    ];
  } catch {
    return [];
  }
}

/** PostgreSQL refuses to run as root: then it runs as the user that Debian made for it, or as nobody. */
function ownerOfTheServer(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user)
    throw new Error('PostgreSQL cannot run as root, and there is neither a user postgres nor nobody.');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

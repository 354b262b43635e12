import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { freePort } from '../support/product';
import { pollUntil } from '../support/until';
import { isRunning, StandIn } from './stand-in';

let clone: StandIn;
beforeEach(() => {
  clone = new StandIn();
});
afterEach(() => clone.remove());

async function freePortsEnv() {
  const [http, temporal, ui, simulator] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  return {
    PORT: String(http),
    TEMPORAL_PORT: String(temporal),
    TEMPORAL_UI_PORT: String(ui),
    STEPPAY_SIMULATOR_PORT: String(simulator),
  };
}

/** Nothing of this clone is running any more: neither its engine nor a server with its data folder. */
async function leavesNothing() {
  await pollUntil(() => !isRunning(clone.folder), 15_000, 'that everything has ended');
}

describe('npm start', () => {
  it('names every port that is taken, and starts nothing', async () => {
    const env = await freePortsEnv();
    const taken: Server[] = [];
    for (const port of [env.PORT, env.TEMPORAL_PORT]) {
      taken.push(createServer().listen(Number(port), '127.0.0.1'));
      await once(taken.at(-1)!, 'listening');
    }
    const { code, printed } = await clone.run(['tools/start.mjs'], env).ended;
    for (const server of taken) server.close();
    expect(code).toBe(1);
    expect(printed).toContain(
      `Port ${env.PORT} (HTTP) is taken by another program; stop it or set PORT to a free port.`,
    );
    expect(printed).toContain(`Port ${env.TEMPORAL_PORT} (Temporal) is taken`);
    expect(printed).toContain(`TEMPORAL_ADDRESS=127.0.0.1:${env.TEMPORAL_PORT}`);
    expect(printed).not.toContain('engine up');
  });

  it('says when a port is no port', async () => {
    const env = { ...(await freePortsEnv()), STEPPAY_SIMULATOR_PORT: 'none' };
    const { code, printed } = await clone.run(['tools/start.mjs'], env).ended;
    expect(code).toBe(1);
    expect(printed).toBe('STEPPAY_SIMULATOR_PORT must be a port number from 1 to 65535.\n');
  });

  it('stops the engine before Temporal when the terminal is interrupted, and leaves nothing', async () => {
    const started = clone.run(['tools/start.mjs'], await freePortsEnv());
    await started.prints('engine up');
    expect(isRunning(`${clone.folder}/kept/temporal/temporal.yaml`)).toBe(true);
    process.kill(-started.process.pid!, 'SIGINT');
    await started.prints('engine drained');
    const { code, printed } = await started.ended;
    expect(code).toBe(0);
    expect(printed).not.toContain('engine was interrupted');
    await leavesNothing();
  });

  it('leaves nothing when it is killed itself', async () => {
    const started = clone.run(['tools/start.mjs'], await freePortsEnv());
    await started.prints('engine up');
    started.process.kill('SIGKILL');
    await started.prints('engine drained');
    await leavesNothing();
  });

  it('ends with the exit code of the engine', async () => {
    const { code } = await clone.run(['tools/start.mjs'], { ...(await freePortsEnv()), ENGINE_ENDS: '7' })
      .ended;
    expect(code).toBe(7);
    await leavesNothing();
  });

  it('uses a server that is given, and refuses a second start on one data folder', async () => {
    const given = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const first = clone.run(['tools/start.mjs'], { ...(await freePortsEnv()), ...given });
    await first.prints('engine up');
    expect(isRunning(`${clone.folder}/kept/temporal`)).toBe(false);
    const second = await clone.run(['tools/start.mjs'], { ...(await freePortsEnv()), ...given }).ended;
    expect(second.code).toBe(1);
    expect(second.printed).toContain(`is in use by process ${first.process.pid}; stop that first`);
    first.process.kill('SIGTERM');
    await first.ended;
  });
});

describe('npm run demo', () => {
  it('plays on free ports in a folder that it throws away', async () => {
    const { printed, code } = await clone.run(['tools/start.mjs', 'demo'], { ENGINE_ENDS: '0' }).ended;
    expect({ printed, code }).toEqual({ printed: 'engine up demo\n', code: 0 });
    await leavesNothing();
  });
});

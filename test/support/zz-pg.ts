import { startPostgres } from '/work/main/test/support/postgres';
import { Client } from 'pg';
(async () => {
  const t = Date.now(); const pg = await startPostgres(); console.log('pg up', Date.now() - t, pg.url);
  const c = new Client({ connectionString: pg.url }); await c.connect(); await c.query("create role temporal login superuser password 'x'"); await c.end();
  const { execFileSync, spawn } = require('node:child_process');
  const u = new URL(pg.url);
  const env = { ...process.env, PATH: `/tmp/clibin:${process.env.PATH}`, POSTGRES_SEEDS: '127.0.0.1', DB_PORT: u.port, POSTGRES_USER: 'temporal', SQL_PASSWORD: 'x' };
  for (const n of [1, 2]) { const t = Date.now(); const o = execFileSync('sh', ['/work/main/tools/compose/temporal-schema.sh'], { env, stdio: ['ignore', 'pipe', 'pipe'] }); console.log(n, Date.now() - t, o.toString().split('\n').slice(-2).join()); }
  const srv = spawn(process.env.HOME + '/.cache/perennial/temporal-2e3b5de93976-linux-x64/temporal-server', ['--allow-no-auth', 'start'], { env: { ...env, DB: 'postgres12', POSTGRES_PWD: 'x', BIND_ON_IP: '127.0.0.1', FRONTEND_GRPC_PORT:'27266', NUM_HISTORY_SHARDS: '512', LOG_LEVEL: 'warn', DYNAMIC_CONFIG_FILE_PATH: '/work/main/tools/compose/dynamic-config.yaml' }, stdio: 'inherit' });
  await new Promise((r) => setTimeout(r, 5000));
  console.log(execFileSync('sh', ['/work/main/tools/compose/temporal-namespace.sh'], { env: { ...env, TEMPORAL_ADDRESS: '127.0.0.1:27266', TEMPORAL_NAMESPACE: 'default' } }).toString());
  srv.kill(); await new Promise((r) => srv.once('exit', r));
  const k = Date.now(); await pg.restart(); console.log('restart', Date.now() - k);
  await pg.stop();
})();

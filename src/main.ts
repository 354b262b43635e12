import pino from 'pino';
import { tellStory } from './cli/demo';
import { compose, type Product } from './compose';
import { type Config, ConfigError, readConfig } from './config';

/** The whole product in one process; `demo` tells its story in the terminal and ends. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const isDemo = process.argv[2] === 'demo';
  const log = pino({ level: isDemo ? 'silent' : config.logLevel, base: undefined });
  const product = await compose(config, log);
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  try {
    if (isDemo)
      await Promise.race([
        tellStory({
          apiUrl: product.apiUrl ?? '',
          simulatorUrl: product.simulatorUrl ?? '',
          apiKey: config.apiKey,
        }),
        signalled,
        product.failed,
      ]);
    else {
      console.log(ready(config, product));
      await Promise.race([signalled, product.failed]);
      console.log('Stopping: no more requests; charges under way are finished first.');
    }
  } finally {
    await product.stop();
  }
}

/** Where to look, and a line to try. The one place where secrets of the test mode are shown. */
function ready(config: Config, product: Product): string {
  const lines = ['', 'Perennial is up.'];
  const add = (what: string, where: string) => lines.push(`  ${what.padEnd(16)} ${where}`);
  if (product.apiUrl) add(config.mode === 'test' ? 'Start here' : 'API', config.publicUrl ?? product.apiUrl);
  add('Temporal UI', config.temporal.uiUrl);
  if (product.simulatorUrl) add('StepPay (ours)', product.simulatorUrl);
  if (config.mode === 'test' && product.apiUrl) {
    add('Test API key', config.apiKey);
    add('Webhook path', `/webhooks/steppay/${config.steppay.webhookToken}`);
    add('Data', config.dataDir);
    lines.push(
      '',
      'Try:',
      `  curl -s ${config.publicUrl ?? product.apiUrl}/v1/checkouts -H "Authorization: Bearer ${config.apiKey}" -H 'Idempotency-Key: first' \\`,
    );
    lines.push(
      `    --json '{"planId":"plan_monthly","customer":{"name":"Kim Minji","email":"minji@example.com","phone":"01012345678"}}'`,
    );
  }
  lines.push('', 'Ctrl-C stops everything.', '');
  return lines.join('\n');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof ConfigError)
      console.error(`Perennial cannot start:\n  ${error.message.replaceAll('\n', '\n  ')}`);
    else console.error('Perennial failed:', error);
    process.exit(1);
  },
);

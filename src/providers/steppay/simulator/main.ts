import { createSimulator } from './index';
import { CONTENT_TYPES, type SimulatorLog } from './options';

/** One JSON line for each entry. */
const log: SimulatorLog = {
  info: (fields, text) => console.log(JSON.stringify({ level: 'info', ...fields, text })),
  warn: (fields, text) => console.warn(JSON.stringify({ level: 'warn', ...fields, text })),
};

/** The simulator as a program of its own; its variables are in README.md. */
async function main(): Promise<void> {
  const {
    HOST = '127.0.0.1',
    PORT = '3900',
    STEPPAY_SECRET_TOKEN = 'test-secret-token',
    STEPPAY_PAYMENT_KEY = 'test-payment-key',
    SIMULATOR_WEBHOOK_URL,
    SIMULATOR_WEBHOOK_CONTENT_TYPE,
    SIMULATOR_WEBHOOK_KEYS,
    SIMULATOR_DATA_FILE,
  } = process.env;
  const contentType = CONTENT_TYPES.find((each) => each === SIMULATOR_WEBHOOK_CONTENT_TYPE);
  const simulator = createSimulator({
    log,
    secretToken: STEPPAY_SECRET_TOKEN,
    paymentKey: STEPPAY_PAYMENT_KEY,
    ...(SIMULATOR_WEBHOOK_URL ? { webhookUrl: SIMULATOR_WEBHOOK_URL } : {}),
    ...(SIMULATOR_DATA_FILE ? { dataFile: SIMULATOR_DATA_FILE } : {}),
    ...(SIMULATOR_WEBHOOK_KEYS ? { webhookKeys: SIMULATOR_WEBHOOK_KEYS.split(',') } : {}),
    ...(contentType ? { webhookContentType: contentType } : {}),
  });
  const listening = await simulator.listen(Number(PORT), HOST);
  const stop = (): void => {
    void listening.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : 'the simulator could not start');
  process.exit(1);
});

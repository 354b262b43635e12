import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { answerBroken } from '#api/broken-request';
import { type ApiConfig, createApi } from '#api/index';
import { restoreHold } from '#domain/account-hold';
import { SubscriptionEngine } from '#engine/client';
import { Deliverer } from '#engine/deliverer';
import { Directory } from '#engine/directory';
import { prepareNamespace } from '#engine/namespace';
import { Reconciler } from '#engine/reconciler';
import { installRuntime, metered } from '#engine/telemetry';
import { type RunningWorkers, startWorkers, type WorkerParts } from '#engine/worker';
import { startCourier } from '#messages/courier';
import { carrierOf, writingOf } from '#messages/writing';
import { createStepPay } from '#providers/steppay/index';
import { createSimulator } from '#providers/steppay/simulator/index';
import { startForwarder } from '#src/inbox/forwarder';
import { createSender } from '#src/outgoing/sender';
import { openStore } from '#store/index';
import { TestClock } from '#testing/test-clock';
import { keepAccount } from './account-folder';
import { type Config, ConfigError } from './config';
import { readDeclines } from './declines-file';
import { readHolidays } from './holidays';
import { closed, listen, portOf, portTaken, serve } from './listening';
import { readPlans } from './plans';
import { keepDailyReconciliation, reconcileSettings } from './reconciliation';

/** The running product: where it listens, and how to stop it. */
export interface Product {
  readonly apiUrl: string | undefined;
  readonly simulatorUrl: string | undefined;
  /** Rejects when a worker fails; never resolves before `stop`. */
  readonly failed: Promise<never>;
  /** Takes no more requests, finishes the charges that are under way, then lets everything go. */
  stop(): Promise<void>;
}

type Closing = { readonly what: string; readonly close: () => Promise<unknown> };

/** Puts the product together, once, from a checked configuration. What was opened is closed again when a later part fails. */
export async function compose(config: Config, log: Logger): Promise<Product> {
  const open: Closing[] = [];
  const stop = async () => {
    for (const { what, close } of open.splice(0).reverse()) {
      await close().catch((error: unknown) => log.error({ err: error }, `${what} did not close cleanly`));
    }
  };
  try {
    return await assemble(config, log, open, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(
  config: Config,
  log: Logger,
  open: Closing[],
  stop: () => Promise<void>,
): Promise<Product> {
  keepAccount(config);
  const api = config.roles.has('api') ? await listen(config.port, config.host, 'PORT') : undefined;
  if (api) open.push({ what: 'the HTTP server', close: () => closed(api) });
  const apiUrl = api && `http://${config.host}:${portOf(api)}`;

  const simulatorUrl = await startSimulator(config, apiUrl, log, open);
  const store = await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir });
  open.push({ what: 'the store', close: () => store.close() });

  const { connection, client } = await connect(config, open);
  await prepareNamespace(connection, config.temporal.namespace);

  const baseUrl =
    config.steppay.baseUrl ?? simulatorUrl ?? `http://127.0.0.1:${config.simulatorPort ?? 4010}`;
  const { secretToken, timeoutMs, webhookKeys } = config.steppay;
  const provider = createStepPay({
    baseUrl,
    secretToken,
    timeoutMs,
    webhookKeys,
    declineTable: readDeclines(config.steppay.declinesFile),
  });
  const engine = new SubscriptionEngine(client, store);
  const restore = config.chargesHeld ? restoreHold(Date.now()) : undefined;
  const reconciler = new Reconciler(client, config);
  const sender = createSender(store, { keys: config.linkKeys, allowed: config.webhookNetworks });
  const deliverer = new Deliverer(client, store, config, log);
  open.push({ what: 'the senders of events', close: () => deliverer.stop() });

  if (api) {
    for (const plan of readPlans(config.plansFile, config.mode)) await store.savePlan(plan, 'file');
    const app = createApi({
      engine,
      directory: new Directory(client, config),
      store,
      provider,
      restore,
      reconciliations: reconciler,
      deliverer,
      sender,
      testClock: config.testClock ? new TestClock(client, config.temporal.namespace) : undefined,
      temporalAnswers: () =>
        client.withDeadline(Date.now() + 3_000, () => connection.healthService.check({})),
      log,
      config: apiConfigOf(config, baseUrl, apiUrl ?? ''),
    });
    const inbox = startForwarder({ engine, store, log });
    open.push({ what: 'the inbox of webhooks', close: () => inbox.stop() });
    serve(api, app);
    answerBroken(api);
  }
  const workers = config.roles.has('worker')
    ? await runWorkers(
        config,
        {
          ...{ provider, store, log, restore, live: engine },
          ...{ reconcile: reconcileSettings(config), writing: writingOf(config, apiUrl) },
          ...{ sender, onNews: () => deliverer.onNews() },
        },
        open,
      )
    : undefined;
  if (workers) await keepDailyReconciliation(reconciler, config, log);
  // What the last process did not come to tell.
  if (workers) deliverer.startLooking();
  const failed = new Promise<never>((_resolve, reject) => workers?.stopped.catch(reject));
  return { apiUrl, simulatorUrl, failed, stop };
}

/** What the HTTP layer is told of the configuration. */
function apiConfigOf(config: Config, baseUrl: string, apiUrl: string): ApiConfig {
  return {
    mode: config.mode,
    account: config.account,
    apiKey: config.apiKey,
    linkKeys: config.linkKeys,
    limits: config.limits,
    trustProxy: config.trustProxy,
    webhookToken: config.steppay.webhookToken,
    webhookNetworks: config.webhookNetworks,
    publicUrl: config.publicUrl ?? apiUrl,
    zone: config.zone,
    billingTime: config.billingTime,
    checkoutOpenForMs: config.checkoutOpenForMs,
    steppay: {
      sdkUrl: config.steppay.sdkUrl ?? `${baseUrl}/js/steppay-0.7.1.js`,
      paymentKey: config.steppay.paymentKey,
      gateway: config.steppay.gateway,
    },
    temporalUiUrl: config.temporal.uiUrl,
  };
}

async function startSimulator(
  config: Config,
  apiUrl: string | undefined,
  log: Logger,
  open: Closing[],
): Promise<string | undefined> {
  if (config.simulatorPort === undefined) return undefined;
  const { secretToken, paymentKey, webhookToken, webhookKeys } = config.steppay;
  const simulator = createSimulator({
    dataFile: join(config.dataDir, 'simulator.jsonl'),
    webhookUrl: apiUrl && `${apiUrl}/webhooks/steppay/${webhookToken}`,
    secretToken,
    paymentKey,
    webhookKeys,
    log,
  });
  const { url, close } = await simulator.listen(config.simulatorPort, '127.0.0.1').catch((error: unknown) => {
    throw portTaken(error, 'STEPPAY_SIMULATOR_PORT', config.simulatorPort ?? 0);
  });
  open.push({ what: 'the simulator', close });
  return url;
}

async function connect(config: Config, open: Closing[]): Promise<{ connection: Connection; client: Client }> {
  const { connectionOptions } = loadClientConnectConfig();
  const connection = await Connection.connect({
    ...connectionOptions,
    address: config.temporal.address,
    connectTimeout: '15 s',
  }).catch(() => {
    throw new ConfigError(`TEMPORAL_ADDRESS: no Temporal server answers at ${config.temporal.address}`);
  });
  open.push({ what: 'the Temporal connection', close: () => connection.close() });
  return { connection, client: new Client({ connection, namespace: config.temporal.namespace }) };
}

async function runWorkers(
  config: Config,
  parts: Pick<
    WorkerParts,
    'provider' | 'store' | 'log' | 'restore' | 'live' | 'reconcile' | 'writing' | 'sender' | 'onNews'
  >,
  open: Closing[],
): Promise<RunningWorkers> {
  const meter = meterOf(config, parts.log);
  const { connectionOptions } = loadClientConnectConfig();
  const connection = await NativeConnection.connect({
    ...connectionOptions,
    address: config.temporal.address,
  });
  open.push({ what: "the worker's Temporal connection", close: () => connection.close() });
  const { namespace } = config.temporal;
  const { mode, account, chargesPerSecond, bundleFile } = config;
  const holidays = readHolidays(config.holidaysFile);
  const workers = await startWorkers({
    connection,
    namespace,
    mode,
    account,
    chargesPerSecond,
    holidays,
    bundleFile,
    ...parts,
    provider: metered(parts.provider, meter),
  });
  const courier = startCourier({ ...parts, carrier: carrierOf(config) });
  open.push({
    what: 'the worker',
    close: () => {
      workers.stop();
      return Promise.all([workers.stopped, courier.stop()]);
    },
  });
  return workers;
}

function meterOf({ workerMetrics }: Config, log: Logger): ReturnType<typeof installRuntime> {
  try {
    return installRuntime(log, workerMetrics);
  } catch (error) {
    if (workerMetrics === undefined) throw error;
    throw new ConfigError(
      `PERENNIAL_WORKER_METRICS: nothing can listen at ${workerMetrics}; choose another address`,
    );
  }
}

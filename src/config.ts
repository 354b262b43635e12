import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Limits } from '#api/limits';
import { accountFingerprint, SIMULATOR_SECRET_TOKEN } from '#engine/account';
import type { Mailbox, MailServer } from '#messages/mailbox';
import { type Network, readNetworks, THIS_MACHINE } from '#src/outgoing/target';
import { type Environment, environment } from './environment';

/** The only place that reads the environment. Every fault is named with its variable and what it must be. */

/** Who messages are from where nobody says so, and none are really sent. */
const MAIL_FROM: Mailbox = { name: 'Perennial', address: 'no-reply@localhost' };
const SIMULATOR_PAYMENT_KEY = 'test_payment_key';
const SIMULATOR_WEBHOOK_KEY = 'test-webhook-key';

export type Role = 'api' | 'worker' | 'simulator';

/** Everything that the product is told from outside, checked and complete. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly mode: 'test' | 'live';
  readonly apiKey: string;
  /** What signs the links that customers get: the first one signs, any of them verifies. */
  readonly linkKeys: readonly string[];
  /** Where outgoing webhooks may go although it is not the public internet. */
  readonly webhookNetworks: readonly Network[];
  readonly limits: Limits;
  /** The proxies before us: how many, or which addresses. */
  readonly trustProxy: number | string;
  readonly dataDir: string;
  readonly plansFile: string | undefined;
  readonly roles: ReadonlySet<Role>;
  readonly logLevel: string;
  readonly checkoutOpenForMs: number;
  readonly zone: string;
  readonly billingTime: string;
  readonly holidaysFile: string | undefined;
  /** No charge and no refund is sent by this process. */
  readonly chargesHeld: boolean;
  readonly chargesPerSecond: number | undefined;
  readonly reconcile: {
    /** Local time of the daily one, or `off`. */
    readonly at: string;
    readonly days: number;
    readonly readsPerSecond: number;
    readonly listFile: string | undefined;
  };
  readonly bundleFile: string | undefined;
  /** Where Prometheus reads the numbers of the workers of this process. */
  readonly workerMetrics: string | undefined;
  readonly temporal: { readonly address: string; readonly namespace: string; readonly uiUrl: string };
  readonly databaseUrl: string | undefined;
  /** The shop, as messages to its customers call it. */
  readonly merchant: string;
  readonly mail: {
    /** Without one, messages are kept and sent by nobody. */
    readonly server: MailServer | undefined;
    readonly from: Mailbox;
  };
  readonly steppay: {
    /** Undefined while the simulator's own address is not known yet. */
    readonly baseUrl: string | undefined;
    readonly secretToken: string;
    readonly paymentKey: string;
    readonly sdkUrl: string | undefined;
    readonly gateway: string;
    readonly declinesFile: string | undefined;
    readonly webhookToken: string;
    /** Verification keys of signed webhooks; none where only unsigned ones are expected. */
    readonly webhookKeys: readonly string[];
    readonly timeoutMs: number;
  };
  readonly simulatorPort: number | undefined;
  /** Fingerprint of mode and provider account. */
  readonly account: string;
  /** True where the test clock may move a subscription: test mode and a provider on this machine. */
  readonly testClock: boolean;
}

/** A wrong environment: the message has one line for each fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads and checks the environment. @throws ConfigError naming every wrong variable */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('\n'));
  }
  const e = parsed.data;
  const faults = faultsOf(e);
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
  const dataDir = resolve(e.PERENNIAL_DATA_DIR);
  const roles = new Set(e.PERENNIAL_ROLES.split(',').map((role) => role.trim())) as Set<Role>;
  const secretToken = e.STEPPAY_SECRET_TOKEN ?? SIMULATOR_SECRET_TOKEN;
  if (e.STEPPAY_BASE_URL !== undefined) roles.delete('simulator');
  return {
    host: e.HOST,
    port: e.PORT,
    publicUrl: e.PERENNIAL_PUBLIC_URL,
    mode: e.PERENNIAL_MODE,
    apiKey: e.PERENNIAL_API_KEY ?? keptSecret(dataDir, 'api-key', 'test_'),
    linkKeys: e.PERENNIAL_LINK_KEYS ?? [keptSecret(dataDir, 'link-key', '')],
    limits: limitsOf(e),
    trustProxy: e.PERENNIAL_TRUST_PROXY,
    webhookNetworks: e.PERENNIAL_WEBHOOK_NETWORKS ?? networksOf(e.PERENNIAL_MODE),
    dataDir,
    plansFile: e.PERENNIAL_PLANS,
    roles,
    logLevel: e.PERENNIAL_LOG_LEVEL,
    checkoutOpenForMs: e.PERENNIAL_CHECKOUT_HOURS * 3_600_000,
    zone: e.PERENNIAL_ZONE,
    billingTime: e.PERENNIAL_BILLING_TIME,
    holidaysFile: e.PERENNIAL_HOLIDAYS,
    chargesHeld: e.PERENNIAL_CHARGES === 'held',
    chargesPerSecond: e.PERENNIAL_CHARGES_PER_SECOND,
    reconcile: reconcileOf(e),
    bundleFile: e.PERENNIAL_WORKFLOW_BUNDLE,
    workerMetrics: e.PERENNIAL_WORKER_METRICS,
    temporal: {
      address: e.TEMPORAL_ADDRESS,
      namespace: e.TEMPORAL_NAMESPACE,
      uiUrl: e.TEMPORAL_UI_URL ?? `http://127.0.0.1:${e.TEMPORAL_UI_PORT}`,
    },
    databaseUrl: e.DATABASE_URL,
    ...mailOf(e),
    steppay: {
      baseUrl: e.STEPPAY_BASE_URL,
      secretToken,
      paymentKey: e.STEPPAY_PAYMENT_KEY ?? SIMULATOR_PAYMENT_KEY,
      sdkUrl: e.STEPPAY_SDK_URL,
      gateway: e.STEPPAY_GATEWAY,
      declinesFile: e.STEPPAY_DECLINES,
      webhookToken: e.STEPPAY_WEBHOOK_TOKEN ?? keptSecret(dataDir, 'webhook-token', ''),
      webhookKeys: e.STEPPAY_WEBHOOK_KEYS ?? (isLocal(e.STEPPAY_BASE_URL) ? [SIMULATOR_WEBHOOK_KEY] : []),
      timeoutMs: e.STEPPAY_TIMEOUT_MS,
    },
    simulatorPort: roles.has('simulator') ? e.STEPPAY_SIMULATOR_PORT : undefined,
    account: accountFingerprint(
      e.PERENNIAL_MODE,
      isLocal(e.STEPPAY_BASE_URL) ? 'simulator' : (e.STEPPAY_BASE_URL ?? ''),
      secretToken,
    ),
    testClock: e.PERENNIAL_MODE === 'test' && isLocal(e.STEPPAY_BASE_URL),
  };
}

function reconcileOf(e: Environment): Config['reconcile'] {
  return {
    at: e.PERENNIAL_RECONCILE_AT,
    days: e.PERENNIAL_RECONCILE_DAYS,
    readsPerSecond: e.PERENNIAL_RECONCILE_READS_PER_SECOND,
    listFile: e.PERENNIAL_PAYMENT_LIST,
  };
}

function mailOf(e: Environment): Pick<Config, 'merchant' | 'mail'> {
  const from = e.PERENNIAL_MAIL_FROM ?? MAIL_FROM;
  return {
    merchant: e.PERENNIAL_MERCHANT_NAME ?? from.name,
    mail: { server: e.SMTP_URL, from },
  };
}

/** An app beside Perennial gets its events in test mode. */
function networksOf(mode: Environment['PERENNIAL_MODE']): readonly Network[] {
  return (mode === 'test' && readNetworks(THIS_MACHINE)) || [];
}

function limitsOf(e: Environment): Limits {
  return {
    reads: e.PERENNIAL_RATE_LIMIT_READS,
    writes: e.PERENNIAL_RATE_LIMIT_WRITES,
    failures: e.PERENNIAL_RATE_LIMIT_FAILURES,
    pages: e.PERENNIAL_RATE_LIMIT_PAGES,
  };
}

function faultsOf(e: Environment): string[] {
  const faults: string[] = [];
  for (const role of e.PERENNIAL_ROLES.split(',')) {
    if (!['api', 'worker', 'simulator'].includes(role.trim()))
      faults.push(`PERENNIAL_ROLES: ${role.trim()} is not one of api, worker, simulator`);
  }
  if (e.PERENNIAL_MODE === 'live') {
    for (const name of [
      'STEPPAY_BASE_URL',
      'STEPPAY_SECRET_TOKEN',
      'STEPPAY_PAYMENT_KEY',
      'STEPPAY_SDK_URL',
      'STEPPAY_WEBHOOK_TOKEN',
      'PERENNIAL_API_KEY',
      'PERENNIAL_LINK_KEYS',
    ] as const) {
      if (e[name] === undefined) faults.push(`${name}: must be set in live mode`);
    }
    if (/^(pk_)?test_/.test(e.PERENNIAL_API_KEY ?? ''))
      faults.push('PERENNIAL_API_KEY: live mode refuses a key of the test mode');
    if (e.SMTP_URL !== undefined && e.PERENNIAL_MAIL_FROM === undefined)
      faults.push('PERENNIAL_MAIL_FROM: must be set in live mode where SMTP_URL is');
    if (e.STEPPAY_BASE_URL !== undefined && isLocal(e.STEPPAY_BASE_URL))
      faults.push('STEPPAY_BASE_URL: live mode refuses a provider on this machine');
  } else if (!isLocal(e.STEPPAY_BASE_URL) && e.PERENNIAL_TEST_WITH_PROVIDER !== '1') {
    faults.push(
      'STEPPAY_BASE_URL: test mode charges a provider on another machine only with PERENNIAL_TEST_WITH_PROVIDER=1, which turns the test clock off',
    );
  }
  return faults;
}

/** The simulator and everything on a loopback address; no address means our own simulator. */
function isLocal(baseUrl: string | undefined): boolean {
  if (baseUrl === undefined) return true;
  return (
    ['localhost', '[::1]'].includes(new URL(baseUrl).hostname) ||
    /^127\.\d+\.\d+\.\d+$/.test(new URL(baseUrl).hostname)
  );
}

/** A secret that is made at the first start and kept in the data folder, readable by its owner only. */
function keptSecret(dataDir: string, name: string, prefix: string): string {
  const file = join(dataDir, name);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  mkdirSync(dataDir, { recursive: true });
  const made = `${prefix}${randomBytes(24).toString('base64url')}`;
  writeFileSync(file, `${made}\n`, { mode: 0o600 });
  return made;
}

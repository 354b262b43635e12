import { isIP } from 'node:net';
import { z } from 'zod';
import { localTime, zone } from '#contract/fields';
import { readMailbox, readMailServer } from '#messages/mailbox';
import { readNetworks } from '#src/outgoing/target';

/** Every variable of the environment, its form and its default. */

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
  .transform((url) => url.replace(/\/+$/, ''));
const secret = z.string().min(16, 'must have at least 16 characters');
/** So many a minute; 0 is no limit. */
const perMinute = (fallback: number) =>
  z.coerce.number().int().min(0, 'must be a number a minute, or 0 for no limit').default(fallback);
const proxies = z
  .string()
  .refine(
    (text) => /^\d$/.test(text) || text.split(',').every(isNetwork),
    'must be how many proxies are before Perennial (0 to 9), or their addresses with commas between them, like 10.0.0.0/8',
  )
  .transform((text) => (/^\d$/.test(text) ? Number(text) : text));

/** An address, a network like 10.0.0.0/8, or a name that Express has for some. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.trim().split('/');
  if (['loopback', 'linklocal', 'uniquelocal'].includes(address)) return bits === undefined;
  const widest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (bits === undefined) return widest > 0;
  return more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= widest;
}

/** `127.0.0.1:9464`, `[::1]:9464` */
function isListening(text: string): boolean {
  const [, six, four, portGiven] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const isAddress = six === undefined ? isIP(four ?? '') === 4 : isIP(six) === 6;
  return isAddress && Number(portGiven) > 0 && Number(portGiven) <= 65_535;
}

/** Secrets with commas between them. */
const secrets = z
  .string()
  .transform((keys) => keys.split(',').map((key) => key.trim()))
  .refine(
    (keys) => keys.every((key) => key.length >= 16),
    'must be keys of at least 16 characters each, with commas between them',
  );

function readAs<T>(read: (text: string) => T | undefined, must: string) {
  return z.string().transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: must, input: '' });
    return z.NEVER;
  });
}

export const environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port(3000),
  PERENNIAL_PUBLIC_URL: httpUrl.optional(),
  PERENNIAL_MODE: z.enum(['test', 'live'], { error: 'must be test or live' }).default('test'),
  PERENNIAL_API_KEY: secret.optional(),
  PERENNIAL_LINK_KEYS: secrets.optional(),
  PERENNIAL_RATE_LIMIT_READS: perMinute(6_000),
  PERENNIAL_RATE_LIMIT_WRITES: perMinute(1_200),
  PERENNIAL_RATE_LIMIT_FAILURES: perMinute(60),
  PERENNIAL_RATE_LIMIT_PAGES: perMinute(60),
  PERENNIAL_TRUST_PROXY: proxies.default(0),
  PERENNIAL_DATA_DIR: z.string().min(1).default('.perennial'),
  PERENNIAL_PLANS: z.string().min(1).optional(),
  PERENNIAL_ROLES: z.string().default('api,worker,simulator'),
  PERENNIAL_LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  PERENNIAL_TEST_WITH_PROVIDER: z.enum(['0', '1']).default('0'),
  PERENNIAL_CHECKOUT_HOURS: z.coerce.number().positive().max(87_600).default(24),
  PERENNIAL_ZONE: zone.default('Asia/Seoul'),
  PERENNIAL_BILLING_TIME: localTime.default('09:00'),
  PERENNIAL_HOLIDAYS: z.string().min(1).optional(),
  PERENNIAL_WORKFLOW_BUNDLE: z.string().min(1).optional(),
  PERENNIAL_WORKER_METRICS: z
    .string()
    .refine(isListening, 'must be an IP address and a port to listen at, like 127.0.0.1:9464')
    .optional(),
  PERENNIAL_CHARGES: z.enum(['sent', 'held'], { error: 'must be sent or held' }).default('sent'),
  PERENNIAL_CHARGES_PER_SECOND: z.coerce.number().positive().optional(),
  PERENNIAL_RECONCILE_AT: z
    .string()
    .regex(/^(off|([01]\d|2[0-3]):[0-5]\d)$/, 'must be a local time like 04:30, or off')
    .default('04:30'),
  PERENNIAL_RECONCILE_DAYS: z.coerce.number().int().min(1).max(3_650).default(35),
  PERENNIAL_RECONCILE_READS_PER_SECOND: z.coerce.number().positive().max(100).default(3),
  PERENNIAL_PAYMENT_LIST: z.string().min(1).optional(),
  PERENNIAL_MERCHANT_NAME: z
    .string()
    .trim()
    .regex(/^\P{Cc}{1,60}$/u, 'must be a name of 1 to 60 characters')
    .optional(),
  PERENNIAL_MAIL_FROM: readAs(
    readMailbox,
    'must be a name and an address like Dalbit Books <no-reply@example.com>',
  ).optional(),
  PERENNIAL_WEBHOOK_NETWORKS: readAs(
    readNetworks,
    'must be networks with commas between them, like 10.0.0.0/8, or none',
  ).optional(),
  SMTP_URL: readAs(
    readMailServer,
    'must be a mail server like smtps://user:password@mail.example.com:465, with signs in the password percent-encoded',
  ).optional(),
  TEMPORAL_ADDRESS: z.string().default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_UI_PORT: port(8233),
  TEMPORAL_UI_URL: httpUrl.optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }).optional(),
  STEPPAY_BASE_URL: httpUrl.optional(),
  STEPPAY_SECRET_TOKEN: z.string().min(1).optional(),
  STEPPAY_PAYMENT_KEY: z.string().min(1).optional(),
  STEPPAY_SDK_URL: httpUrl.optional(),
  STEPPAY_GATEWAY: z
    .string()
    .regex(/^[A-Z_0-9]+$/, 'must be a gateway name like NICE')
    .default('NICE'),
  STEPPAY_DECLINES: z.string().min(1).optional(),
  STEPPAY_WEBHOOK_TOKEN: secret.optional(),
  STEPPAY_WEBHOOK_KEYS: z
    .string()
    .transform((keys) => keys.split(',').map((key) => key.trim()))
    .refine(
      (keys) => keys.every((key) => key !== ''),
      'must be keys with commas between them, none of them empty',
    )
    .optional(),
  STEPPAY_TIMEOUT_MS: z.coerce.number().int().min(100).max(30_000, 'must be at most 30000').default(30_000),
  STEPPAY_SIMULATOR_PORT: port(4010),
});

export type Environment = z.infer<typeof environment>;

import { randomInt } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Plan } from '#domain/plan';
import type { Mode } from '#domain/subscription';
import { accountFingerprint, SIMULATOR_SECRET_TOKEN } from './account';
import { type Fallback, SubscriptionEngine } from './client';

/** How an app reaches the engine; everything has a default that suits a local `npm start`. */
export interface PerennialOptions {
  /** Temporal's host and port; default TEMPORAL_ADDRESS and the rest of `@temporalio/envconfig`, else 127.0.0.1:7233. */
  readonly address?: string;
  readonly namespace?: string;
  readonly mode?: Mode;
  /** Which provider account new subscriptions belong to: the one whose worker is to charge them. Default: the simulator's. */
  readonly provider?: { readonly baseUrl: string; readonly secretToken: string };
  /** IANA zone and local time (`HH:MM`) of the renewals of new subscriptions. Default Asia/Seoul, 09:00. */
  readonly zone?: string;
  readonly billingTime?: string;
  /** Where to read what Temporal no longer holds: a store opened by `openStore`. */
  readonly records?: Fallback;
}

/** What a new subscription starts with. The customer must be in the book of record, since the provider wants a name with each charge. */
export interface NewSubscription {
  readonly customerId: string;
  readonly plan: Plan;
  /** Drawn at random when absent. Give your own (`sub_` and 13 digits, the first not 0) to make a repeat harmless. */
  readonly id?: string;
  /** How it is paid first: by a checkout, open for so many hours, or by a billing key that you already have. */
  readonly first:
    | { readonly checkoutHours: number }
    | {
        readonly idKey: string;
        readonly partnerUserId: string;
        readonly firstPeriod: 'charge' | 'alreadyPaid';
      };
}

/** The engine for app code: `start`, and every act of SubscriptionEngine. */
export class Perennial extends SubscriptionEngine {
  private constructor(
    readonly connection: Connection,
    /** Temporal's namespace of the subscriptions. */
    readonly namespace: string,
    client: Client,
    private readonly options: PerennialOptions,
  ) {
    super(client, options.records);
  }

  /** Connects to Temporal. @throws Error when no server answers */
  static async connect(options: PerennialOptions = {}): Promise<Perennial> {
    const { connectionOptions, namespace: configured } = loadClientConnectConfig();
    const namespace = options.namespace ?? configured ?? 'default';
    const connection = await Connection.connect({
      ...connectionOptions,
      ...(options.address !== undefined && { address: options.address }),
    });
    const client = new Client({ connection, namespace });
    return new Perennial(connection, namespace, client, options);
  }

  /** Starts a subscription and answers its id; with an id of yours that is in use nothing new is started. */
  async startSubscription({ customerId, plan, id, first }: NewSubscription): Promise<string> {
    const { mode = 'test', provider, zone = 'Asia/Seoul', billingTime = '09:00' } = this.options;
    const account = accountFingerprint(
      mode,
      provider?.baseUrl ?? 'simulator',
      provider?.secretToken ?? SIMULATOR_SECRET_TOKEN,
    );
    const start =
      'checkoutHours' in first
        ? ({ by: 'checkout', openForMs: first.checkoutHours * 3_600_000 } as const)
        : ({ by: 'method', ...first } as const);
    for (;;) {
      const drawn = id ?? `sub_${randomInt(1e6, 1e7)}${String(randomInt(0, 1e6)).padStart(6, '0')}`;
      const started = await this.start({
        id: drawn,
        mode,
        account,
        customerId,
        plan,
        zone,
        billingTime,
        start,
      });
      // A number that was drawn twice belongs to somebody else.
      if (started === 'started' || id !== undefined) return drawn;
    }
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

/** Connects app code to the engine; see Perennial. */
export function createPerennial(options?: PerennialOptions): Promise<Perennial> {
  return Perennial.connect(options);
}

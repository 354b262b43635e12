import { randomInt } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Plan } from '#domain/plan';
import type { Mode } from '#domain/subscription';
import type { Store } from '#store/store';
import { accountFingerprint, SIMULATOR_SECRET_TOKEN } from './account';
import { SubscriptionEngine } from './client';
import { refused } from './refused';
import { startOnce } from './start-once';

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
  /**
   * The product's PostgreSQL (its DATABASE_URL), of the same release. With it a customer has one live subscription of a plan and one
   * trial of it, an unknown customer is refused, and closed subscriptions and old payments are known. Without it app code answers
   * for these itself. The embedded store cannot be shared: it belongs to the product's process.
   */
  readonly databaseUrl?: string;
}

/** What a new subscription starts with. The customer must be in the book of record (POST /v1/customers): the provider wants a name with each charge. */
export interface NewSubscription {
  readonly customerId: string;
  readonly plan: Plan;
  /** Drawn at random when absent. Give your own (`sub_` and 13 digits, the first not 0) to make a repeat harmless. */
  readonly id?: string;
  /** More than one live subscription of this plan for the customer. Without `databaseUrl` nobody looks. */
  readonly allowAnother?: boolean;
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
    private readonly store?: Store,
  ) {
    super(client, store);
  }

  /**
   * Connects to Temporal, and joins the store where one is named.
   * @throws Error when no server answers
   * @throws StoreRefused for a malformed address or the database of another release, DatabaseError when it does not answer
   */
  static async connect(options: PerennialOptions = {}): Promise<Perennial> {
    const { connectionOptions, namespace: configured } = loadClientConnectConfig();
    const namespace = options.namespace ?? configured ?? 'default';
    const connection = await Connection.connect({
      ...connectionOptions,
      ...(options.address !== undefined && { address: options.address }),
    });
    const client = new Client({ connection, namespace });
    const store = await joined(options).catch(async (error: unknown) => {
      await connection.close();
      throw error;
    });
    return new Perennial(connection, namespace, client, options, store);
  }

  /**
   * Starts a subscription and answers its id; with an id of yours that is in use nothing new is started.
   * @throws RefusedError invalid_body; with a store also customer_not_found, already_subscribed
   */
  async startSubscription(wanted: NewSubscription): Promise<string> {
    const { customerId, plan, id, first, allowAnother } = wanted;
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
    const { store } = this;
    if (store && !(await store.customer(customerId))) throw refused('customer_not_found');
    for (;;) {
      const drawn = id ?? (store ? await store.reserveSubscriptionId() : drawnId());
      const beginning = { id: drawn, mode, account, customerId, plan, zone, billingTime, start };
      const started = store
        ? await startOnce({ engine: this, store }, beginning, { allowAnother })
        : await this.start(beginning);
      // A number that was drawn twice belongs to somebody else.
      if (started === 'started' || id !== undefined) return drawn;
    }
  }

  async close(): Promise<void> {
    await this.connection.close();
    await this.store?.close();
  }
}

function drawnId(): string {
  return `sub_${randomInt(1e6, 1e7)}${String(randomInt(0, 1e6)).padStart(6, '0')}`;
}

async function joined({ databaseUrl }: PerennialOptions): Promise<Store | undefined> {
  if (databaseUrl === undefined) return undefined;
  // The driver of the database is for those who name one; and jest, as it comes, knows no import() in CommonJS.
  const { joinStore } = require('#store/join-store') as typeof import('#store/join-store');
  return joinStore(databaseUrl);
}

/** Connects app code to the engine; see Perennial. */
export function createPerennial(options?: PerennialOptions): Promise<Perennial> {
  return Perennial.connect(options);
}

import type { Scope } from '#domain/scope';
import { refused } from '#engine/refused';
import type { ApiKeyRecord } from '#store/api-key-store';
import { DatabaseError } from '#store/errors';
import type { Store } from '#store/store';
import { hashOfKey, modeOfKey, openActor, sealActor } from './api-key';
import type { ApiConfig } from './parts';
import { sameSecret } from './same-secret';

/** Who asks: an API key that was checked. */
export interface Caller {
  /** Of the key, for log lines; `first` for PERENNIAL_API_KEY. */
  readonly keyId: string;
  /** The same for a key and all that it is rotated into. */
  readonly actor: string;
  readonly scope: Scope;
  /** What its requests are remembered by, and what seals the secrets of their answers: outlives a rotation. */
  readonly secret: string;
}

/** A revocation is heard of this late by the other processes, at most; the one that revokes knows it at once. */
const LOOK_AGAIN_AFTER_MS = 5_000;
/** While the database is away, a key that was valid goes on for this long: a shop must not close with our database. */
const TRUSTED_WITHOUT_STORE_MS = 300_000;
const NOTE_USE_AFTER_MS = 60_000;

interface Known {
  readonly record: ApiKeyRecord;
  readonly caller: Caller;
  /** When the store last said so. */
  readonly foundAt: number;
  lookAgainAt: number;
  useNotedAt: number;
}

type Keeper = Pick<Store, 'apiKeyByHash' | 'noteApiKeyUsed' | 'resealApiKey'>;

/** The keys that are valid: PERENNIAL_API_KEY, which is the first and may do everything, and those of the store. */
export class Keyring {
  /** By hash. Only keys that exist are remembered, so there are never many; guesses are not. */
  readonly #known = new Map<string, Known>();

  constructor(
    private readonly store: Keeper,
    private readonly config: Pick<ApiConfig, 'apiKey' | 'mode'>,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Who it is that brings this key.
   * @throws RefusedError unauthorized, key_of_other_mode
   * @throws DatabaseError when the database is away and the key was not used here lately
   */
  async callerOf(given: string): Promise<Caller> {
    const { apiKey, mode } = this.config;
    if (sameSecret(given, apiKey)) return { keyId: 'first', actor: 'first', scope: 'admin', secret: apiKey };
    const isFor = modeOfKey(given);
    if (isFor === undefined) throw refused('unauthorized');
    if (isFor !== mode) throw refused('key_of_other_mode', `This server runs in ${mode} mode.`);
    const known = await this.#find(given);
    if (!known) throw refused('unauthorized');
    const { record, caller } = known;
    if (record.revokedAt !== undefined) throw refused('unauthorized', 'This one was revoked.');
    if (record.expiresAt !== undefined && Date.parse(record.expiresAt) <= this.now())
      throw refused('unauthorized', 'This one has expired.');
    this.#noteUse(known);
    return caller;
  }

  /** Looks a key up again when it is next used: something about it was changed here. */
  forget(id: string): void {
    for (const [hash, { record }] of this.#known) if (record.id === id) this.#known.delete(hash);
  }

  async #find(given: string): Promise<Known | undefined> {
    const hash = hashOfKey(given);
    const before = this.#known.get(hash);
    const now = this.now();
    if (before && now < before.lookAgainAt) return before;
    // Whoever asks meanwhile goes by what is known: one look is enough.
    if (before) before.lookAgainAt = now + LOOK_AGAIN_AFTER_MS;
    try {
      const record = await this.store.apiKeyByHash(hash);
      if (!record) this.#known.delete(hash);
      return record && this.#remember(hash, record, given, before);
    } catch (error) {
      const isAway = error instanceof DatabaseError && error.unavailable;
      if (isAway && before && now - before.foundAt < TRUSTED_WITHOUT_STORE_MS) return before;
      this.#known.delete(hash);
      throw error;
    }
  }

  #remember(hash: string, record: ApiKeyRecord, given: string, before: Known | undefined): Known {
    const { id: keyId, actor, scope } = record;
    const secret = before?.caller.secret ?? openActor(record.sealedByKey, actor, given);
    if (secret === undefined) throw new Error(`what the API key ${keyId} has sealed cannot be opened by it`);
    this.#sealForFirst(record, secret);
    const foundAt = this.now();
    const known: Known = {
      record,
      caller: { keyId, actor, scope, secret },
      foundAt,
      lookAgainAt: foundAt + LOOK_AGAIN_AFTER_MS,
      useNotedAt: before?.useNotedAt ?? Number.NEGATIVE_INFINITY,
    };
    this.#known.set(hash, known);
    return known;
  }

  /** PERENNIAL_API_KEY was changed: a rotation needs the actor's secret sealed by the one of today. Late is early enough. */
  #sealForFirst({ id, actor, sealedByFirst }: ApiKeyRecord, secret: string): void {
    const { apiKey } = this.config;
    if (openActor(sealedByFirst, actor, apiKey) !== undefined) return;
    this.store.resealApiKey(id, sealActor(secret, actor, apiKey)).catch(() => undefined);
  }

  /** A time of last use that could not be written is written by a later use. */
  #noteUse(known: Known): void {
    const now = this.now();
    if (now - known.useNotedAt < NOTE_USE_AFTER_MS) return;
    known.useNotedAt = now;
    this.store.noteApiKeyUsed(known.record.id).catch(() => undefined);
  }
}

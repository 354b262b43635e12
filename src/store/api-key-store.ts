import type { Scope } from '#domain/scope';

/** A key to the API as the book of record keeps it: never the key itself. Times: RFC 3339. */
export interface ApiKeyRecord {
  /** `key_` and 20 characters. */
  readonly id: string;
  /** The id of the first key of its line: the same for a key and what it is rotated into. */
  readonly actor: string;
  readonly name: string;
  /** The beginning of the key, for people to tell it by. */
  readonly prefix: string;
  readonly scope: Scope;
  readonly mode: 'test' | 'live';
  /** The actor's secret, sealed by the key itself. */
  readonly sealedByKey: string;
  /** The same, sealed by the first key (PERENNIAL_API_KEY). */
  readonly sealedByFirst: string;
  readonly rotatedFrom?: string;
  readonly rotatedTo?: string;
  readonly createdAt: string;
  /** To the minute. */
  readonly lastUsedAt?: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
}

/** A key to be kept. Its id is drawn before, for what is sealed names the actor. */
export type NewApiKey = Pick<
  ApiKeyRecord,
  'id' | 'actor' | 'name' | 'prefix' | 'scope' | 'mode' | 'sealedByKey' | 'sealedByFirst' | 'expiresAt'
> & {
  /** SHA-256 of the key, in hexadecimal digits. */
  readonly hash: string;
};

/** Keys to the API. The database's clock says what has expired. */
export interface ApiKeyStore {
  keepApiKey(key: NewApiKey): Promise<ApiKeyRecord>;
  apiKey(id: string): Promise<ApiKeyRecord | undefined>;
  /** By the SHA-256 of a key that somebody brought; also one that is revoked or has expired. */
  apiKeyByHash(hash: string): Promise<ApiKeyRecord | undefined>;
  /** At most 500: those that can be used first, and among them the newest. */
  apiKeys(): Promise<ApiKeyRecord[]>;
  /**
   * Keeps the successor of a key, which itself can be used for so many hours more, and no longer than before. Undefined, and
   * nothing happens, where the key is revoked, has expired or was rotated before. Atomic: of two at once one does.
   */
  rotateApiKey(id: string, successor: NewApiKey, overlapHours: number): Promise<ApiKeyRecord | undefined>;
  /** From now on it is refused. Repeated, it changes nothing. Undefined for a key that never was. */
  revokeApiKey(id: string): Promise<ApiKeyRecord | undefined>;
  /** Writes that it was used, at most once a minute. */
  noteApiKeyUsed(id: string): Promise<void>;
  /** The actor's secret was sealed anew by another first key. */
  resealApiKey(id: string, sealedByFirst: string): Promise<void>;
}

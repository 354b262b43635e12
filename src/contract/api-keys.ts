import { z } from 'zod';
import { SCOPES, type Scope } from '#domain/scope';
import { instant, line } from './fields';

/** POST /v1/api-keys */
export const newApiKey = z.strictObject({
  name: line(100),
  scope: z.enum(SCOPES),
  expiresAt: instant.optional().describe('Until it is revoked when absent.'),
});
export type NewApiKeyRequest = z.infer<typeof newApiKey>;

/** POST /v1/api-keys/:id/rotate */
export const rotation = z.strictObject({
  overlapHours: z.int().min(0).max(168).default(24).describe('How long the old key goes on.'),
  expiresAt: instant.optional().describe('Of the new key; when the old one was to end, when absent.'),
});
export type Rotation = z.infer<typeof rotation>;

/** A key to the API, without the key. */
export interface ApiKeyAnswer {
  readonly id: string;
  readonly name: string;
  /** How the key begins. */
  readonly prefix: string;
  readonly scope: Scope;
  readonly mode: 'test' | 'live';
  readonly status: 'active' | 'expired' | 'revoked';
  readonly createdAt: string;
  /** To the minute; null where it was never used. */
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly rotatedFrom: string | null;
  readonly rotatedTo: string | null;
}

/** The one answer that has the key itself. */
export type NewApiKeyAnswer = ApiKeyAnswer & { readonly secret: string };

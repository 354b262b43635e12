import { z } from 'zod';
import type { HoldKind } from '#domain/account-hold';
import { line } from './fields';

/** POST /v1/holds */
export const newHold = z.strictObject({
  reason: line(200).describe('Stands in plain text beside every subscription that waits: no personal data.'),
});

/** A hold of the provider account. */
export interface HoldAnswer {
  readonly id: string;
  readonly kind: HoldKind;
  readonly reason: string;
  /** Charges and refunds are kept back. */
  readonly inForce: boolean;
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** When a person released it: charges that it made late go too. */
  readonly releasedAt: string | null;
}

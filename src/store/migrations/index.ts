import type { Migration } from '#store/migrate';
import { foundation } from '#store/migrations/0001-foundation';

/** In order; one that was released is never changed, only followed by another. */
export const MIGRATIONS: readonly Migration[] = [foundation];

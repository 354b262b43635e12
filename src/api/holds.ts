import { empty } from '#contract/acts';
import { type HoldAnswer, newHold } from '#contract/holds';
import { HOLD_CLOSED_TEXT, HOLD_OPENED, HOLD_OPENED_TEXT, RESTORE_HOLD } from '#domain/account-hold';
import { iso } from '#domain/calendar';
import { refused } from '#engine/refused';
import type { HoldRecord } from '#store/hold-store';
import type { ApiParts } from './parts';
import { act, type Endpoint } from './routes';

/** GET and POST /v1/holds: what keeps all charges and refunds of the provider account back. */
export function holds(parts: ApiParts): Endpoint {
  return {
    get: async () => ({ status: 200, body: { data: await listed(parts), nextCursor: null } }),
    needs: { post: 'admin' },
    post: act({
      body: newHold,
      movesMoney: false,
      answer: async ({ body: { reason } }) => ({ status: 201, body: await open(parts, reason) }),
    }),
  };
}

/** POST /v1/holds/:id/release: charges and refunds go on, those that became late meanwhile too. */
export function releasingHold(parts: ApiParts): Endpoint {
  return {
    needs: { post: 'admin' },
    post: act({
      body: empty,
      movesMoney: true,
      answer: async ({ id }) => ({ status: 200, body: await release(parts, id) }),
    }),
  };
}

async function listed({ store, config, restore }: ApiParts): Promise<HoldAnswer[]> {
  const kept = (await store.holds(config.account)).map(answerOf);
  if (!restore) return kept;
  const { id, kind, reason, since } = restore;
  return [
    { id, kind, reason, inForce: true, openedAt: iso(since), closedAt: null, releasedAt: null },
    ...kept,
  ];
}

/** The kinds of hold that keep charges and refunds back at this moment. */
export async function heldNow(parts: ApiParts): Promise<ReadonlySet<string>> {
  return new Set((await listed(parts)).filter(({ inForce }) => inForce).map(({ kind }) => kind));
}

async function open({ store, config, log }: ApiParts, reason: string): Promise<HoldAnswer> {
  const opened = await store.openHold(config.account, reason);
  if (!opened) throw refused('already_held');
  log.error(
    { code: HOLD_OPENED, account: config.account, hold: opened.id, kind: opened.kind },
    HOLD_OPENED_TEXT,
  );
  return answerOf(opened);
}

async function release({ store, config, log }: ApiParts, id: string): Promise<HoldAnswer> {
  if (id === RESTORE_HOLD) throw refused('hold_of_restore');
  const released = await store.releaseHold(config.account, id);
  if (!released) throw refused('hold_not_found');
  const { hold, closed } = released;
  if (closed) log.info({ account: config.account, hold: hold.id, kind: hold.kind }, HOLD_CLOSED_TEXT);
  return answerOf(hold);
}

function answerOf({ id, kind, reason, openedAt, closedAt, releasedAt }: HoldRecord): HoldAnswer {
  return {
    id,
    kind,
    reason,
    inForce: closedAt === undefined,
    openedAt,
    closedAt: closedAt ?? null,
    releasedAt: releasedAt ?? null,
  };
}

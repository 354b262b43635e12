import type { PageAnswer } from '#contract/answers';
import { readBy } from '#contract/faults';
import { type MessageAnswer, messagesQuery } from '#contract/messages';
import { refused } from '#engine/refused';
import { InvalidCursor } from '#store/errors';
import type { MessageRecord } from '#store/message-store';
import { InvalidError } from './invalid';
import type { ApiParts } from './parts';
import type { Endpoint } from './routes';

/** Whoever has the link in a message may act for the customer. */
const NEEDS = { get: 'write' } as const;

/** GET /v1/messages: what customers were told, oldest first. A sender of its own kind remembers the last one that it has sent. */
export function messages(parts: ApiParts): Endpoint {
  return {
    needs: NEEDS,
    get: async ({ request }) => ({ status: 200, body: await list(parts, request.query) }),
  };
}

/** GET /v1/messages/:id */
export function message({ store }: ApiParts): Endpoint {
  return {
    needs: NEEDS,
    get: async ({ id }) => {
      const found = await store.message(id);
      if (!found) throw refused('message_not_found');
      return { status: 200, body: answerOf(found) };
    },
  };
}

async function list({ store }: ApiParts, query: unknown): Promise<PageAnswer<MessageAnswer>> {
  const read = readBy(messagesQuery, query);
  if ('faults' in read) throw new InvalidError('invalid_query', read.faults);
  try {
    const { data, nextCursor } = await store.messages(read.value);
    return { data: data.map(answerOf), nextCursor };
  } catch (error) {
    if (!(error instanceof InvalidCursor)) throw error;
    throw new InvalidError('invalid_query', [
      { path: 'cursor', message: 'must be the id of a message that is there' },
    ]);
  }
}

function answerOf(record: MessageRecord): MessageAnswer {
  const { id, subscriptionId, customerId, kind, template, variables } = record;
  const { locale, subject, text, short, createdAt, status, to = null } = record;
  return {
    ...{ id, subscriptionId, customerId, kind, template, variables },
    ...{ locale, subject, text, short, createdAt, status, to },
  };
}

import type { ServerResponse } from 'node:http';

/** A request to one of the provider's endpoints. Neither its secret nor anything of the customer is kept. */
export interface ReceivedRequest {
  readonly seq: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly order?: string;
  readonly idKey?: string;
  readonly body?: object;
  /** The HTTP status; 'destroyed' when the connection ended without an answer; null while it waits. */
  readonly answered: number | 'destroyed' | null;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const MOST_REMEMBERED = 50_000;

/** Every request received, whatever came of it, so that a test can count what really arrived. */
export class RequestLog {
  readonly #received: ReceivedRequest[] = [];
  #last = 0;

  /** Notes a request and, later, how it was answered. */
  note(
    request: Pick<ReceivedRequest, 'method' | 'path'> & { readonly body?: unknown },
    response: ServerResponse,
    about: Pick<ReceivedRequest, 'order' | 'idKey'>,
  ): void {
    this.#last += 1;
    const seq = this.#last;
    const at = new Date().toISOString();
    const { method, path } = request;
    const entry: Writable<ReceivedRequest> = { seq, at, method, path, ...about, answered: null };
    Object.assign(entry, withoutCustomer(request.body));
    this.#received.push(entry);
    if (this.#received.length > MOST_REMEMBERED) this.#received.splice(0, MOST_REMEMBERED / 10);
    response.once('close', () => {
      entry.answered = response.writableFinished ? response.statusCode : 'destroyed';
    });
  }

  /** Oldest first. */
  list(order = ''): ReceivedRequest[] {
    return this.#received.filter((each) => (each.order ?? '').startsWith(order));
  }
}

function withoutCustomer(body: unknown): { body?: object } {
  if (typeof body !== 'object' || body === null) return {};
  const {
    customer: _customer,
    refundAccount: _account,
    refundAccountName: _holder,
    ...rest
  } = body as Record<string, unknown>;
  return { body: rest };
}

/**
 * Every refusal: its stable code, the HTTP status it is answered with, and the sentence that the caller reads. The HTTP layer,
 * the typed client and docs/errors.md come from this one table.
 */
export const REFUSALS = {
  malformed_request: { status: 400, sentence: 'This is no HTTP request that could be read.' },
  malformed_body: { status: 400, sentence: 'The body is not valid JSON.' },
  unreadable_webhook: { status: 400, sentence: 'The body is not a webhook of the provider.' },
  webhook_not_verified: { status: 400, sentence: "The webhook's signature does not verify." },
  idempotency_key_required: {
    status: 400,
    sentence: 'This call takes an Idempotency-Key header of 1 to 255 visible characters.',
  },
  unauthorized: {
    status: 401,
    sentence: 'The API key is missing or wrong: send Authorization: Bearer <api key>.',
  },
  key_of_other_mode: {
    status: 401,
    sentence: 'A test key (pk_test_) works in test mode only, a live key (pk_live_) in live mode only.',
  },
  forbidden_scope: {
    status: 403,
    sentence: 'This API key may not do that: it takes a key of a wider scope.',
  },
  not_found: { status: 404, sentence: 'There is nothing at this address.' },
  subscription_not_found: { status: 404, sentence: 'There is no such subscription.' },
  customer_not_found: { status: 404, sentence: 'There is no such customer.' },
  plan_not_found: { status: 404, sentence: 'There is no such plan.' },
  invoice_not_found: { status: 404, sentence: 'There is no such invoice.' },
  refund_not_found: { status: 404, sentence: 'There is no such refund.' },
  payment_not_found: { status: 404, sentence: 'There is no such payment.' },
  reconciliation_not_found: { status: 404, sentence: 'There is no such reconciliation.' },
  message_not_found: { status: 404, sentence: 'There is no such message.' },
  event_not_found: { status: 404, sentence: 'There is no such event.' },
  webhook_endpoint_not_found: { status: 404, sentence: 'There is no such webhook endpoint.' },
  hold_not_found: { status: 404, sentence: 'There is no such hold.' },
  api_key_not_found: { status: 404, sentence: 'There is no such API key.' },
  checkout_not_found: { status: 404, sentence: 'There is no such checkout; its link may be wrong.' },
  link_not_found: { status: 404, sentence: 'There is no such link; it may be incomplete.' },
  method_not_allowed: { status: 405, sentence: 'This address does not take that method.' },
  request_timeout: { status: 408, sentence: 'The request did not arrive in time.' },
  already_subscribed: {
    status: 409,
    sentence:
      'This customer already has an open checkout or a live subscription of this plan; send allowAnother to want a second one.',
  },
  webhook_endpoint_disabled: {
    status: 409,
    sentence: 'The webhook endpoint is disabled: enable it first.',
  },
  too_many_webhook_endpoints: {
    status: 409,
    sentence: 'There are 20 webhook endpoints: remove one first.',
  },
  reference_taken: { status: 409, sentence: 'Another customer already has this reference.' },
  request_in_flight: {
    status: 409,
    sentence: 'The same request is still being answered; try again in a moment.',
  },
  subscription_ended: { status: 409, sentence: 'The subscription has ended.' },
  checkout_closed: {
    status: 409,
    sentence: 'The checkout is closed: it was paid, it expired or the subscription ended.',
  },
  nothing_to_undo: { status: 409, sentence: 'No cancellation is planned, so there is nothing to undo.' },
  nothing_owed: { status: 409, sentence: 'No payment of this subscription is open.' },
  not_started: {
    status: 409,
    sentence: 'The subscription has not started: its first payment is still to come.',
  },
  method_dead: {
    status: 409,
    sentence: 'There is nothing to charge, or the payment method will never pay again: give another one.',
  },
  charge_held: { status: 409, sentence: "The charge waits for a person's release; nothing is tried before." },
  too_many_tries: {
    status: 409,
    sentence: 'The payment was tried five times today on request; try again tomorrow or give another method.',
  },
  moves_used_up: { status: 409, sentence: 'The next try was moved as often as the plan allows.' },
  window_open: {
    status: 409,
    sentence:
      'A payment window was opened a moment ago and may still be open; finish it, or go on all the same.',
  },
  page_outdated: { status: 409, sentence: 'What the page shows has changed since; load it again.' },
  order_not_unsettled: { status: 409, sentence: 'This order does not wait to be settled.' },
  refund_exceeds_rest: { status: 409, sentence: 'The refund is more than what is left of the payment.' },
  refund_account_required: {
    status: 409,
    sentence:
      'This payment was a deposit into a virtual account: name the bank account to refund to in refundAccount.',
  },
  nothing_to_refund: { status: 409, sentence: 'Nothing of this payment is left to refund.' },
  already_held: { status: 409, sentence: 'An operator holds all charges and refunds already.' },
  hold_of_restore: {
    status: 409,
    sentence:
      'This hold lasts as long as the workers run with PERENNIAL_CHARGES=held: start them without it to release it.',
  },
  api_key_ended: {
    status: 409,
    sentence:
      'Only an API key that can be used is rotated, and only once: rotate its successor, or make another key.',
  },
  api_key_sealed: {
    status: 409,
    sentence:
      'PERENNIAL_API_KEY was changed since this API key was last used: use the key once and then rotate it, or revoke it and make another.',
  },
  nothing_held: { status: 409, sentence: 'No charge of this subscription is held.' },
  charge_pending: {
    status: 409,
    sentence: 'A charge of this subscription waits for its outcome; settle it first.',
  },
  attempts_exhausted: { status: 409, sentence: 'The subscription has used up its 99,999 order numbers.' },
  test_clock_off: {
    status: 409,
    sentence:
      'This Temporal server does not skip time. Turn it on with the dynamic config values frontend.WorkflowTimeSkippingEnabled=true, history.timerProcessorMaxTimeShift="10ms" and history.workflowIdReuseMinimalInterval="0s" (server 1.32 or newer), or use the server that npm start brings.',
  },
  test_clock_busy: {
    status: 409,
    sentence: 'The subscription is still on its way to that time; ask again for the same point in time.',
  },
  test_clock_live: {
    status: 409,
    sentence: 'The test clock works in test mode and against a provider on this machine only.',
  },
  cursor_lost: {
    status: 410,
    sentence:
      'The feed does not have the place of this cursor any more, as after a restore of the database: read it from an older cursor or from the start, and leave aside the events that you have, by their ids.',
  },
  link_expired: { status: 410, sentence: 'The link has expired; ask for a new one.' },
  body_too_large: { status: 413, sentence: 'The body is larger than this address takes.' },
  expectation_failed: { status: 417, sentence: 'Nothing but 100-continue can be expected here.' },
  headers_too_large: { status: 431, sentence: 'The headers of the request are larger than 16 kB.' },
  unsupported_media_type: { status: 415, sentence: 'This address takes no body of that type.' },
  invalid_body: {
    status: 422,
    sentence: 'The body does not have the right form; each fault is listed with its path.',
  },
  invalid_query: {
    status: 422,
    sentence: 'The query does not have the right form; each fault is listed with its name.',
  },
  idempotency_key_reused: {
    status: 422,
    sentence: 'This Idempotency-Key was used before with another body.',
  },
  date_out_of_range: { status: 422, sentence: 'The payment cannot be moved to this day.' },
  cancel_in_the_past: { status: 422, sentence: 'The time to cancel at has passed.' },
  clock_backwards: {
    status: 422,
    sentence: 'The test clock only goes forward, and at most ten years at once.',
  },
  too_many_requests: { status: 429, sentence: 'Too many requests; try again later.' },
  internal: { status: 500, sentence: 'Something is wrong on our side; it was logged under this request id.' },
  temporal_unavailable: {
    status: 503,
    sentence: 'Temporal does not answer; nothing was changed, or it will show in the subscription.',
  },
  store_unavailable: {
    status: 503,
    sentence: 'The database does not answer; try again with the same Idempotency-Key.',
  },
} as const satisfies Record<string, { status: number; sentence: string }>;

export type RefusalCode = keyof typeof REFUSALS;

export interface Refusal {
  readonly refused: RefusalCode;
  /** What is wrong in this case; no personal data. */
  readonly detail?: string;
}

export function refuse(code: RefusalCode, detail?: string): Refusal {
  return detail === undefined ? { refused: code } : { refused: code, detail };
}

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}

/** The sentence for people: the table's, and what is special about this case. */
export function sentenceOf({ refused, detail }: Refusal): string {
  return detail === undefined ? REFUSALS[refused].sentence : `${REFUSALS[refused].sentence} ${detail}`;
}

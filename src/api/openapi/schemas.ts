import { z } from 'zod';
import * as acts from '#contract/acts';
import { newApiKey, rotation } from '#contract/api-keys';
import { newCustomer } from '#contract/customer';
import * as events from '#contract/events';
import * as fields from '#contract/fields';
import { newHold } from '#contract/holds';
import { planVersionQuery } from '#contract/lists';
import { newPlan } from '#contract/plan-file';
import { newReconciliation } from '#contract/reconciliations';
import * as shown from '#contract/shown';
import { timelineLine } from '#contract/shown-events';
import * as money from '#contract/shown-money';
import * as operator from '#contract/shown-operator';
import * as plans from '#contract/shown-plan';
import { problem } from '#contract/shown-problem';
import * as told from '#contract/shown-public-events';
import * as subscriptions from '#contract/shown-subscription';
import { newCheckout, newSubscription } from '#contract/subscribe';

/** The contract's schemas as JSON Schema (2020-12, which OpenAPI 3.1 takes as it is). */

export type Json = Record<string, unknown>;

/** An example beside a schema, where there is one. */
export const exampleOf = (example: unknown): Json => (example === undefined ? {} : { example });

/** Plain texts that both bodies and answers have. */
const TEXTS = {
  PlanId: fields.planId,
  CustomerId: fields.customerId,
  SubscriptionId: fields.subscriptionId,
  OrderId: fields.orderId,
  InvoiceId: shown.invoiceId,
  PaymentId: shown.paymentId,
  RefundId: shown.refundId,
  CheckoutId: shown.checkoutId,
  MessageId: shown.messageId,
  ReconciliationId: shown.reconciliationId,
  ApiKeyId: shown.apiKeyId,
  HoldId: shown.holdId,
  EventId: shown.eventId,
  WebhookEndpointId: shown.endpointId,
  Cursor: fields.cursor,
};

const BODIES = {
  ...TEXTS,
  MoneyAboveZero: fields.moneyAboveZero,
  Instant: fields.instant,
  NewCheckout: newCheckout,
  NewSubscription: newSubscription,
  NewCustomer: newCustomer,
  NewPlan: newPlan,
  Cancel: acts.cancel,
  NewRefund: acts.refund,
  NewRefundOfSubscription: acts.refundOf,
  Settle: acts.settle,
  NewPaymentMethod: acts.paymentMethod,
  MoveDate: acts.moveDate,
  Advance: acts.advance,
  Empty: acts.empty,
  NewHold: newHold,
  NewReconciliation: newReconciliation,
  NewApiKey: newApiKey,
  Rotation: rotation,
  NewWebhookEndpoint: events.newEndpoint,
  WebhookEndpointChange: events.endpointChange,
  SecretRotation: events.secretRotation,
  Enabling: events.enabling,
  Redelivery: events.redelivery,
  EventRedelivery: events.eventRedelivery,
};

const ANSWERS = {
  ...TEXTS,
  Time: shown.time,
  Money: shown.money,
  Span: shown.span,
  Plan: plans.plan,
  PlanOfCatalogue: plans.planAnswer,
  RecoverySchedule: plans.recoverySchedule,
  RecoveryCalendar: plans.recoveryCalendar,
  RecoveryFigures: plans.recoveryFigures,
  Subscription: subscriptions.subscription,
  StartedSubscription: subscriptions.started,
  Preview: subscriptions.preview,
  PaymentInSubscription: subscriptions.paymentView,
  RefundInSubscription: subscriptions.refundView,
  TimelineLine: timelineLine,
  Checkout: money.checkout,
  Customer: money.customerAnswer,
  Entitlements: money.entitlements,
  Accepted: money.accepted,
  Pending: money.pending,
  RecoveryLink: money.recoveryLink,
  Invoice: money.invoiceAnswer,
  Payment: money.paymentAnswer,
  PaymentWithRefunds: money.paymentWithRefunds,
  Refund: money.refundAnswer,
  RefundAccepted: money.refundAccepted,
  Hold: operator.hold,
  ReconciliationSummary: operator.reconciliationSummary,
  Reconciliation: operator.reconciliation,
  Attention: operator.attention,
  StoreCheck: operator.storeCheck,
  Message: operator.message,
  ApiKey: operator.apiKey,
  NewKey: operator.newKey,
  ...Object.fromEntries(
    Object.entries(told.EVENT_SCHEMAS).map(([type, schema]) => [nameOfEvent(type), schema]),
  ),
  Event: told.publicEvent,
  WebhookEndpoint: told.endpoint,
  NewWebhookEndpointAnswer: told.newEndpointAnswer,
  Delivery: told.delivery,
  Tested: told.tested,
  Problem: problem,
};

/** What a schema in code cannot say of itself. */
const SAID_HERE = new Map<unknown, Json>([
  [fields.pageLimit, { type: 'integer', minimum: 1, maximum: 100, default: 20 }],
  [planVersionQuery.shape.version, { type: 'integer', minimum: 1, maximum: 999_999_999 }],
  [fields.webAddress, { type: 'string', format: 'uri', maxLength: 2000 }],
]);

/** One of the two, and not both. */
const ONE_CUSTOMER = { oneOf: [{ required: ['customerId'] }, { required: ['customer'] }] };
const like = (...examples: string[]): Json => ({ examples });
const ADDED = new Map<unknown, Json>([
  [fields.planId, like('plan_monthly')],
  [fields.customerId, like('cus_3k9x2m')],
  [fields.subscriptionId, like('sub_1000000000001')],
  [fields.orderId, like('100000000000100001')],
  [shown.invoiceId, like('inv_100000000000100000')],
  [shown.paymentId, like('pay_100000000000100001')],
  [shown.refundId, like('re_100000000000100001')],
  [shown.checkoutId, like('chk_1000000000001')],
  [shown.messageId, like('msg_a2b3c4d5e6f7g2h3j4k5')],
  [shown.reconciliationId, like('rec_0f1e2d3c4b5a69788796')],
  [shown.apiKeyId, like('key_7f3k2m9x4q8w5e6r')],
  [shown.eventId, like('evt_1000000000001_17')],
  [shown.endpointId, like('we_a2b3c4d5e6f7g2h3j4k5')],
  [shown.holdId, like('hold_7f3k2m9x4q8w5e6r')],
  [newCheckout, ONE_CUSTOMER],
  [newSubscription, ONE_CUSTOMER],
]);

/** `subscription.pastDue` is `SubscriptionPastDueEvent`. */
export function nameOfEvent(type: string): string {
  const words = type.split('.').map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`);
  return `${words.join('')}Event`;
}

type Side = 'input' | 'output';

const REGISTRIES = { input: registryOf(BODIES), output: registryOf(ANSWERS) };

function registryOf(named: Readonly<Record<string, z.ZodType>>) {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  return registry;
}

const refTo = (id: string) => `#/components/schemas/${id}`;

/** Every named schema, for `components.schemas`. */
export function components(): Record<string, Json> {
  const all: [string, Json][] = (['input', 'output'] as const).flatMap((io) =>
    Object.entries(
      z.toJSONSchema(REGISTRIES[io], { io, uri: refTo, override, unrepresentable: 'any' }).schemas,
    ).map(([id, schema]): [string, Json] => [id, tidied(schema, io)]),
  );
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One schema where it is used: what is named in it is referred to. `input`: what a caller sends. */
export function schemaOf(schema: z.ZodType, io: Side): Json {
  const id = REGISTRIES[io].get(schema)?.id;
  if (id !== undefined) return { $ref: refTo(id) };
  const made = z.toJSONSchema(schema, { io, metadata: REGISTRIES[io], override, unrepresentable: 'any' });
  const { $defs: _, ...rest } = tidied(made, io);
  return rest;
}

function override({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: object }): void {
  Object.assign(jsonSchema, ADDED.get(zodSchema));
  const said = SAID_HERE.get(zodSchema);
  if (!said) return;
  for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Json)[key];
  Object.assign(jsonSchema, said);
}

const LARGEST = Number.MAX_SAFE_INTEGER;

/** Without what says nothing to a reader: limits of the machine, patterns of what has a format, references' own copies. */
function tidied<T>(node: T, io: Side): T {
  if (Array.isArray(node)) return node.map((each) => tidied(each, io)) as T;
  if (typeof node !== 'object' || node === null) return node;
  const { $schema: _, $id: __, ...json } = node as Json;
  if (json.minimum === -LARGEST) delete json.minimum;
  if (json.maximum === LARGEST) delete json.maximum;
  if ('format' in json || '$ref' in json) delete json.pattern;
  // Classes of characters by their names are not known everywhere.
  if (json.pattern === fields.PLAIN.source) json.pattern = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';
  // Answers get new fields: whoever reads them must let them pass.
  if (io === 'output' && json.additionalProperties === false) delete json.additionalProperties;
  if (typeof json.$ref === 'string') json.$ref = json.$ref.replace('#/$defs/', '#/components/schemas/');
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, tidied(value, io)])) as T;
}

/** The public face of the package: the typed client for app code and the words it speaks. */
export { iso, parseInstant } from '#domain/calendar';
export type { SubscriptionEvent } from '#domain/event';
export { type Currency, formatMoney, type Money, money, won } from '#domain/money';
export type { Plan } from '#domain/plan';
export type { Preview } from '#domain/preview';
export type { PublicEvent, PublicEventType } from '#domain/public-event';
export type { RecoverySchedule, Stage } from '#domain/recovery';
export type { MethodView, RecoveryView } from '#domain/recovery-view';
export { REFUSALS, type Refusal, type RefusalCode } from '#domain/refusal';
export type { Answer, Status } from '#domain/subscription';
export type { SubscriptionView } from '#domain/view';
export { type CancelRequest, type RequestOptions, SubscriptionEngine } from '#engine/client';
export { createPerennial, type NewSubscription, Perennial, type PerennialOptions } from '#engine/perennial';
export { RefusedError, UnansweredError } from '#engine/refused';
export { DatabaseError, StoreRefused } from '#store/errors';

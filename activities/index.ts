export { createDeliveryActivities, type DeliveryActivities } from './deliver-events';
export type { Writing } from './letters';
export { createPaymentActivities, type PaymentActivities } from './payments';
export { createReconcileActivities, type ReconcileActivities, type ReconcileSettings } from './reconcile';
export { createRecordActivities, type RecordActivities } from './records';

export { createPaymentActivities, type PaymentActivities } from './payments.js';
export { createRecordActivities, type RecordActivities } from './records.js';

export { createPaymentActivities, type PaymentActivities } from './payments';
export { createRecordActivities, type RecordActivities } from './records';

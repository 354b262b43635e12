export { deliverEvents } from './deliver-events';
export { reconcile } from './reconcile';
export { subscription } from './subscription';

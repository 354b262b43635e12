export { reconcile } from './reconcile';
export { subscription } from './subscription';

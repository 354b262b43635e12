export { subscription } from './subscription.js';

export { type Advance, TestClock } from './test-clock';

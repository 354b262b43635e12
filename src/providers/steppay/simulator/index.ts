import type { Express } from 'express';
import type { SimulatorOptions } from './options';

export type { SimulatorLog, SimulatorOptions, SimulatorSettings } from './options';

export interface Simulator {
  /** The provider's endpoints, the browser SDK and the control API. */
  readonly app: Express;
  /** Listens; port 0 takes a free one. `close` stops deliveries, lets go of everything held, and closes every connection. */
  listen(port: number, host: string): Promise<{ readonly url: string; close(): Promise<void> }>;
}

/**
 * A StepPay of our own, see README.md beside this file.
 * @throws Error when `dataFile` cannot be read or written, or holds something else.
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  throw new Error(`not written yet${options.dataFile ? '' : ''}`);
}

import type { Book } from './book';
import type { FaultQueue } from './faults';
import type { SimulatorLog, SimulatorSettings } from './options';
import type { RequestLog } from './requests';
import type { Changes, Holds } from './waiting';
import type { Webhooks } from './webhooks';

/** What the simulator's routes share. */
export interface Parts {
  readonly secretToken: string;
  readonly paymentKey: string;
  readonly settings: SimulatorSettings;
  readonly book: Book;
  readonly faults: FaultQueue;
  readonly changes: Changes;
  readonly holds: Holds;
  readonly requests: RequestLog;
  readonly webhooks: Webhooks;
  readonly log: SimulatorLog;
}

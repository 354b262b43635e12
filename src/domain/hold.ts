import type { Fact } from './event';

/** A charge waits for a person, who is told so. */
export function holdCharge(reason: string): Fact[] {
  return [
    { type: 'charge.held', reason },
    {
      type: 'operator.alert',
      code: 'charge_held',
      message: `A charge is held: ${reason}. Release it or cancel the subscription.`,
    },
  ];
}

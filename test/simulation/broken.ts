/** The promises that every step is checked against; docs/invariants.md tells each in words. */
export const INVARIANTS = [
  'periods tile',
  'one paid charge per invoice',
  'no charge while another is unsettled',
  'no charge after the end',
  'charges are due',
  'a paid period is lived through',
  'one number, one charge',
  'one payment per period',
  'refunds never exceed the payment',
  'a refund is made once',
  'stray money goes back once',
  'the ledgers agree',
  'money has a next step',
  'the clock moves',
  'sequence numbers are contiguous',
  'a repeated key has one effect',
  'a cancellation holds',
  'the customer is told once',
  'nights are quiet',
  'the state is small',
] as const;
export type Invariant = (typeof INVARIANTS)[number];

export class Broken extends Error {
  constructor(
    readonly invariant: Invariant,
    readonly what: string,
  ) {
    super(`${invariant}: ${what}`);
    this.name = 'Broken';
  }
}

export function hold(invariant: Invariant, holds: boolean, what: () => string): void {
  if (!holds) throw new Broken(invariant, what());
}

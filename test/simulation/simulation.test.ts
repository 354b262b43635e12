import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RefusalCode } from '#domain/refusal';
import { INVARIANTS } from './broken';
import { type Simulated, simulate } from './simulate';

/** SIMULATION_SEED lives other lives; `npm run simulate -- --seed N --life L` tells the story of one that broke. */
const seed = Number(process.env.SIMULATION_SEED ?? 1);

const FACTS = [
  'subscription.activated',
  'subscription.renewed',
  'subscription.pastDue',
  'subscription.recovered',
  'subscription.ended',
  'checkout.expired',
  'window.opened',
  'method.saved',
  'trial.started',
  'period.started',
  'invoice.opened',
  'charge.started',
  'charge.notSent',
  'charge.held',
  'charge.released',
  'payment.received',
  'payment.declined',
  'payment.pending',
  'payment.unanswered',
  'payment.notCharged',
  'payment.canceledElsewhere',
  'refund.requested',
  'refund.started',
  'refund.done',
  'refund.progressing',
  'refund.failed',
  'refund.unanswered',
  'refund.notSent',
  'refund.resend',
  'refund.stuck',
  'cancel.scheduled',
  'cancel.undone',
  'charge.asked',
  'charge.moved',
  'method.offered',
  'method.refused',
  'method.replaced',
  'message.due',
  'operator.alert',
];
const ALERTS = [
  'charge_unsettled',
  'charge_held',
  'merchant_config',
  'stray_payment',
  'foreign_receipt',
  'unknown_order',
  'refund_failed',
  'refund_stuck',
  'partly_canceled',
  'no_billing_key',
];
const REFUSED: RefusalCode[] = [
  'subscription_ended',
  'checkout_closed',
  'nothing_to_undo',
  'order_not_unsettled',
  'refund_exceeds_rest',
  'nothing_to_refund',
  'nothing_held',
  'charge_pending',
  'charge_held',
  'date_out_of_range',
  'method_dead',
  'not_started',
  'nothing_owed',
  'cancel_in_the_past',
];
const HAPPENED = [
  'charge paid',
  'charge declined',
  'charge pending',
  'charge unanswered',
  'charge notSent',
  'charge lost in a crash',
  'charge refused by the witness',
  'refund done',
  'refund progress',
  'refund failed',
  'refund unanswered',
  'refund notSent',
  'refund lost in a crash',
  'refund refused by the witness',
  'reset',
  'webhook lost',
  'found by reconciliation',
  'declined funds',
  'declined callIssuer',
  'declined transient',
  'declined methodDead',
  'declined merchantConfig',
];

/** `npm run simulate` in a process of its own; its exit code is 1 where a promise broke, and its output tells the story. */
async function simulated(ofSeed: number, years: number): Promise<{ years: number; line: string }> {
  const args = ['--conditions=perennial-source', '--import', 'tsx', join(__dirname, 'run.ts')];
  args.push('--seed', String(ofSeed), '--years', String(years));
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  const line = stdout.split('\n').find((each) => each.includes('Every promise held')) ?? '';
  return { years: Number.parseInt(line, 10), line: `seed ${ofSeed}: ${line}` };
}

test('10,000 subscription-years on two processors: every promise holds after every step', async () => {
  const halves = await Promise.all([simulated(seed, 5_000), simulated(seed + 1, 5_000)]);
  console.log(halves.map(({ line }) => line).join('\n'));
  expect(halves.reduce((sum, { years }) => sum + years, 0)).toBeGreaterThanOrEqual(10_000);
}, 300_000);

describe('storms: everything goes wrong all the time', () => {
  let done: Simulated;
  beforeAll(() => {
    done = simulate({ seed, years: 150, climate: 'storm' });
  }, 120_000);

  test.each(FACTS)('%s happens', (fact) => {
    expect(done.counts.get(fact)).toBeGreaterThan(0);
  });
  test.each(ALERTS)('alert %s is given', (code) => {
    expect(done.counts.get(`alert ${code}`)).toBeGreaterThan(0);
  });
  test.each(REFUSED)('%s is refused', (code) => {
    expect(done.counts.get(`refused ${code}`)).toBeGreaterThan(0);
  });
  test.each(HAPPENED)('%s', (what) => {
    expect(done.counts.get(what)).toBeGreaterThan(0);
  });
});

test('one seed, one story', () => {
  const [a, b] = [simulate({ seed: 7, years: 20 }), simulate({ seed: 7, years: 20 })];
  expect([...a.counts].sort()).toEqual([...b.counts].sort());
  expect(simulate({ seed: 8, years: 20 }).counts).not.toEqual(a.counts);
});

test('docs/invariants.md tells every promise, and no other', () => {
  const told = readFileSync(join(__dirname, '../../docs/invariants.md'), 'utf8').matchAll(
    /^\| `([^`]+)` \|/gm,
  );
  expect([...told].map(([, name]) => name)).toEqual([...INVARIANTS]);
});

import { randomInt } from 'node:crypto';
import { won } from '#domain/money';
import type { ChargeRequest, PaymentProvider } from '#providers/provider';
import { createStepPay } from '#providers/steppay/index';
import {
  type Control,
  createControl,
  createSimulator,
  type SimulatorOptions,
} from '#providers/steppay/simulator/index';

export const SECRET = 'sk_test_only';
export const PAYER = { name: '김하늘', email: 'sky@example.com', phone: '01012345678' };

/** A simulator, its control and an adapter pointed at it; `orders` are never used twice. */
export interface Simulated {
  readonly url: string;
  readonly control: Control;
  readonly stepPay: PaymentProvider;
  close(): Promise<void>;
}

export async function simulate(
  options: Partial<SimulatorOptions> = {},
  timeoutMs = 10_000,
): Promise<Simulated> {
  const simulator = createSimulator({ secretToken: SECRET, paymentKey: 'pk', ...options });
  const { url, close } = await simulator.listen(0, '127.0.0.1');
  const stepPay = createStepPay({ baseUrl: url, secretToken: SECRET, timeoutMs });
  return { url, control: createControl(url), stepPay, close };
}

/** A fresh order number: 18 digits, beyond 2^53. */
export function newOrder(): string {
  return `${randomInt(1_000_000_000, 9_999_999_999)}${String(randomInt(10_000_000, 99_999_999))}`;
}

/** A charge of 9,900 won with the billing key of `idKey`. */
export function chargeOf(idKey: string, order: string, amount = 9_900): ChargeRequest {
  return {
    order,
    method: { idKey, partnerUserId: 'customer-1' },
    total: won(amount),
    taxFree: won(0),
    itemName: '월간 구독',
    payer: PAYER,
  };
}

import type { MetricMeter } from '@temporalio/common';
import { DefaultLogger, Runtime, type RuntimeOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { PaymentProvider } from '#providers/provider';

/** What workers say of themselves: their log, and numbers for Prometheus. */

const PROVIDER_REQUEST = 'perennial_provider_request_seconds';

/**
 * Prepares the SDK of this process, before its first worker. With an address (`127.0.0.1:9464`), Prometheus reads there.
 * Answers what counts; without an address it counts nothing. @throws Error when nothing can listen there
 */
export function installRuntime(log: Logger, address?: string): MetricMeter {
  const metrics = address === undefined ? undefined : prometheusAt(address);
  Runtime.install({
    logger: sdkLogger(log),
    shutdownSignals: [],
    ...(metrics && { telemetryOptions: { metrics } }),
  });
  return Runtime.instance().metricMeter;
}

function prometheusAt(bindAddress: string): NonNullable<RuntimeOptions['telemetryOptions']>['metrics'] {
  return {
    prometheus: {
      bindAddress,
      countersTotalSuffix: true,
      unitSuffix: true,
      useSecondsForDurations: true,
      // A request may take as long as STEPPAY_TIMEOUT_MS, twice.
      histogramBucketOverrides: { [PROVIDER_REQUEST]: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] },
    },
  };
}

/** The provider, with each request counted by what came of it. */
export function metered(provider: PaymentProvider, meter: MetricMeter): PaymentProvider {
  const seconds = meter.createHistogram(PROVIDER_REQUEST, 'float', undefined, 'Requests to the provider.');
  const timed = async <T extends { kind: string }>(request: string, ask: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const answer = await ask();
    seconds.record((performance.now() - started) / 1000, { request, outcome: answer.kind });
    return answer;
  };
  return {
    name: provider.name,
    charge: (...asked) => timed('charge', () => provider.charge(...asked)),
    refund: (...asked) => timed('refund', () => provider.refund(...asked)),
    receipt: (...asked) => timed('receipt', () => provider.receipt(...asked)),
    readWebhook: (received) => provider.readWebhook(received),
  };
}

/** The SDK's warnings go to our log; that the money worker lives no workflows is meant to be so. */
function sdkLogger(log: Logger): DefaultLogger {
  return new DefaultLogger('WARN', ({ level, message }) => {
    if (message.startsWith('No workflows registered')) return;
    if (level === 'ERROR') log.error({ sdk: 'temporal' }, message);
    else log.warn({ sdk: 'temporal' }, message);
  });
}

import helmet from 'helmet';
import type { ApiConfig } from '#api/parts';

/**
 * What the checkout page may load. The provider's script draws a window in a frame, and the gateways, whose hosts nobody lists,
 * show their own pages in it. Scripts come from ourselves and the provider only.
 */
export function pagePolicy({ steppay }: ApiConfig) {
  const sdk = originsOf(steppay.sdkUrl);
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", ...sdk],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', ...sdk],
      connectSrc: ["'self'", ...sdk],
      frameSrc: [...sdk, 'https:'],
      formAction: ["'self'", ...sdk, 'https:'],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  });
}

/** The origin of the script; StepPay's parts live on several hosts under one name. */
function originsOf(sdkUrl: string): string[] {
  const { origin, hostname } = new URL(sdkUrl);
  return hostname.endsWith('.steppay.kr') ? [origin, 'https://*.steppay.kr'] : [origin];
}

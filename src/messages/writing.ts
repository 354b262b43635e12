import { join } from 'node:path';
import type { Writing } from '#activities/index';
import type { Config } from '#src/config';
import { recoveryUrl } from '#src/links';
import { readPlans } from '#src/plans';
import type { Carrier } from './carrier';
import { folderCarrier } from './folder';
import { renderMessage } from './render';
import { smtpCarrier } from './smtp';

/**
 * How a worker puts messages into words. `apiUrl` is where the API of this process listens, if it has one.
 * @throws ConfigError naming the file of plans, and what is wrong with it
 */
export function writingOf(config: Config, apiUrl: string | undefined): Writing {
  const publicUrl = config.publicUrl ?? apiUrl ?? `http://${config.host}:${config.port}`;
  // A worker of its own need not know what is on sale: then plans are called as they were when they were agreed.
  const plans =
    config.plansFile === undefined && config.mode === 'live'
      ? undefined
      : readPlans(config.plansFile, config.mode);
  return {
    render: renderMessage,
    planName: (planId, agreed, locale) => plans?.find(planId)?.names[locale] ?? agreed,
    link: (subscriptionId, expiresAt) =>
      recoveryUrl({ publicUrl, keys: config.linkKeys }, subscriptionId, expiresAt),
    zone: config.zone,
    merchant: config.merchant,
  };
}

/** How a worker's messages leave the house: to the mail server, or into `<data folder>/messages` where there is none. */
export function carrierOf({ mail, dataDir }: Config): Carrier {
  return mail.server
    ? smtpCarrier(mail.server, mail.from)
    : folderCarrier(join(dataDir, 'messages'), mail.from);
}

import { join } from 'node:path';
import type { Writing } from '#activities/index';
import type { Config } from '#src/config';
import { recoveryUrl } from '#src/links';
import type { Carrier } from './carrier';
import { folderCarrier } from './folder';
import { renderMessage } from './render';
import { smtpCarrier } from './smtp';

/** How a worker puts messages into words. `apiUrl` is where the API of this process listens, if it has one. */
export function writingOf(config: Config, apiUrl: string | undefined): Writing {
  const publicUrl = config.publicUrl ?? apiUrl ?? `http://${config.host}:${config.port}`;
  return {
    render: renderMessage,
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

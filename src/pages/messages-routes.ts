import type { Express, Request, Response } from 'express';
import helmet from 'helmet';
import type { ApiParts } from '#api/parts';
import { addressAt, refuseOthers } from '#api/routes';
import { refused } from '#engine/refused';
import { pageOf } from './layout';
import { MessagePage, MessagesPage } from './messages-page';

const SHOWN = 50;

/**
 * What customers were told, without a key: only where no customer is real, in test mode and against a provider on this
 * machine.
 */
export function messagePages(app: Express, { store, config }: ApiParts): void {
  const { zone } = config;
  const list = addressAt(app, '/messages');
  list.get(policy(), async (_request: Request, response: Response) => {
    show(response, MessagesPage({ messages: await store.latestMessages(SHOWN), zone }));
  });
  refuseOthers(list, ['GET']);

  const one = addressAt(app, '/messages/:id');
  one.get(policy(), async (request: Request, response: Response) => {
    const message = await store.message(String(request.params.id));
    if (!message) throw refused('message_not_found');
    show(response, MessagePage({ message, zone }));
  });
  refuseOthers(one, ['GET']);
}

function show(response: Response, page: preact.JSX.Element): void {
  response.set('Cache-Control', 'no-store').type('html').send(pageOf(page));
}

/** A letter has its styles inline; its frame lives by the rules of the page. */
function policy() {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ['data:'],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  });
}

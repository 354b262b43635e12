import type { Express, Request, Response } from 'express';
import { addressAt, refuseOthers } from '../routes';
import { openApi } from './document';

/** GET /openapi.json: the document, for anyone. */
export function openApiDocument(app: Express): void {
  const address = addressAt(app, '/openapi.json');
  address.get((_request: Request, response: Response) => {
    // Tools that read it are pages of other sites, too.
    response.set('Access-Control-Allow-Origin', '*').set('Cache-Control', 'no-cache').json(openApi());
  });
  refuseOthers(address, ['GET']);
}

import type { Express, Request, Response } from 'express';
import helmet from 'helmet';
import { openApi } from '#api/openapi/document';
import type { ApiParts } from '#api/parts';
import { addressAt, refuseOthers } from '#api/routes';
import { DocsPage } from './docs-page';
import { pageOf } from './layout';

/** GET /docs: the manual of the API, for anyone. It runs no script. */
export function docsPage(app: Express, { config }: ApiParts): void {
  let html: string | undefined;
  const page = addressAt(app, '/docs');
  page.get(policy(), (_request: Request, response: Response) => {
    const { publicUrl, mode } = config;
    html ??= pageOf(DocsPage({ document: openApi(), publicUrl, isTest: mode === 'test' }));
    response.set('Cache-Control', 'no-cache').type('html').send(html);
  });
  refuseOthers(page, ['GET']);
}

function policy() {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ['data:'],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  });
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Express, Request, Response } from 'express';
import { addressAt, refuseOthers } from '#api/routes';

/** The few files that the pages load: read once, named by their content, kept by browsers for good. */

const TYPES = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' } as const;

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly content: Buffer;
}

function read(name: string, extension: keyof typeof TYPES, imports: readonly [string, Asset][] = []): Asset {
  const file = readFileSync(join(__dirname, 'assets', `${name}.${extension}`), 'utf8');
  // What a module imports is known by its content too.
  const content = Buffer.from(
    imports.reduce((text, [from, asset]) => text.replace(`'${from}'`, `'${asset.path}'`), file),
  );
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return { path: `/assets/${name}-${hash}.${extension}`, type: TYPES[extension], content };
}

export const STYLE = read('page', 'css');
/** Beside it, for the manual of the API. */
export const DOCS_STYLE = read('docs', 'css');
/** What both pages with a payment window do. */
const PAY_SCRIPT = read('pay', 'js');
export const CHECKOUT_SCRIPT = read('checkout', 'js', [['./pay.js', PAY_SCRIPT]]);
export const RECOVER_SCRIPT = read('recover', 'js', [['./pay.js', PAY_SCRIPT]]);

/** Serves the files. */
export function assets(app: Express): void {
  for (const { path, type, content } of [STYLE, DOCS_STYLE, PAY_SCRIPT, CHECKOUT_SCRIPT, RECOVER_SCRIPT]) {
    const asset = addressAt(app, path, '/assets');
    asset.get((_request: Request, response: Response) => {
      response.set('Cache-Control', 'public, max-age=31536000, immutable').type(type).send(content);
    });
    refuseOthers(asset, ['GET']);
  }
}

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

function read(name: string, extension: keyof typeof TYPES): Asset {
  const content = readFileSync(join(__dirname, 'assets', `${name}.${extension}`));
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return { path: `/assets/${name}-${hash}.${extension}`, type: TYPES[extension], content };
}

export const STYLE = read('page', 'css');
export const CHECKOUT_SCRIPT = read('checkout', 'js');

/** Serves the files. */
export function assets(app: Express): void {
  for (const { path, type, content } of [STYLE, CHECKOUT_SCRIPT]) {
    const asset = addressAt(app, path, '/assets');
    asset.get((_request: Request, response: Response) => {
      response.set('Cache-Control', 'public, max-age=31536000, immutable').type(type).send(content);
    });
    refuseOthers(asset, ['GET']);
  }
}

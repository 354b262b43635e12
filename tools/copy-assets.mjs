// The compiler leaves out what is not TypeScript: what the pages send to browsers has to follow it into dist.
import { cpSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

cpSync(path.join(root, 'src'), path.join(root, 'dist', 'src'), {
  recursive: true,
  filter: (file) => !/\.(tsx?|md)$/.test(file),
});

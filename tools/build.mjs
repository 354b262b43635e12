// npm run build: the published files. The compiler writes the code; what pages serve as it is goes along.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './packages.mjs';

const dist = path.join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
const assets = path.join('src', 'pages', 'assets');
cpSync(path.join(root, assets), path.join(dist, assets), { recursive: true });

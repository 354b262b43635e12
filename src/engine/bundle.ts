import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Packs the workflow code; from the sources in this repository, from the built files in the published package. */
export async function bundleWorkflows(log: Pick<Logger, 'warn' | 'error'>): Promise<{ code: string }> {
  const source = join(__dirname, '../../workflows/index.ts');
  const isSource = existsSync(source);
  return bundleWorkflowCode({
    workflowsPath: isSource ? source : join(__dirname, '../../workflows/index.js'),
    preloadModules: core(),
    logger: {
      trace() {},
      debug() {},
      info() {},
      log() {},
      warn: (message: string) => log.warn(message),
      error: (message: string) => log.error(message),
    },
    webpackConfigHook: (config) => ({
      ...config,
      plugins: [
        ...(config.plugins ?? []),
        // Where there is no `process`, temporal-polyfill takes it that somebody looks on in a browser, and writes out every
        // date that it makes as text. Nobody does in a workflow.
        (compiler) => new compiler.webpack.DefinePlugin({ 'globalThis.process': 'true' }).apply(compiler),
      ],
      resolve: {
        ...config.resolve,
        ...(isSource && { conditionNames: ['perennial-source', 'import', 'module', 'default'] }),
      },
    }),
  });
}

/** The pure core keeps nothing between two calls, so that all runs can share it: it is loaded once, not again for every run. */
function core(): string[] {
  const folder = join(__dirname, '../domain');
  const isModule = (name: string) => /\.[jt]s$/.test(name) && !name.endsWith('.d.ts');
  return readdirSync(folder)
    .filter(isModule)
    .map((name) => join(folder, name));
}

/** Writes the packed code to a file, for workers that are to start quickly (PERENNIAL_WORKFLOW_BUNDLE). */
export async function writeBundle(file: string): Promise<void> {
  const { code } = await bundleWorkflows(console);
  await writeFile(file, code);
}

if (require.main === module) {
  const file = process.argv[2];
  if (file === undefined) {
    console.error('Say where to: npm run bundle -- FILE');
    process.exit(2);
  }
  writeBundle(file).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}

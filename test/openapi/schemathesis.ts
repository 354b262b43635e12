import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Running Schemathesis: it makes requests from the document, right ones and wrong ones, and judges the answers by it. */

/** Where the program is, or why there is none. */
export function program(): { readonly path: string } | { readonly missing: string } {
  const tool = join(__dirname, '../../tools/schemathesis.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool], { encoding: 'utf8' });
  return status === 0 ? { path: stdout.trim() } : { missing: stderr.trim() };
}

export interface Wanted {
  readonly url: string;
  readonly apiKey: string;
  /** Values that are tried for a parameter, mostly beside made-up ones: `path.id` of an operation, `body.planId` of any. */
  readonly known: readonly Known[];
  /** Names of operations that are not asked. */
  readonly leftOut: readonly string[];
}

export interface Known {
  readonly parameter: string;
  readonly operations: RegExp;
  readonly values: readonly string[];
  /** How often; mostly when absent. */
  readonly probability?: number;
}

/** No answer of ours is a failure of ours; each is as it is documented; what is wrong is refused. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'missing_required_header',
  'unsupported_method',
  'ignored_auth',
];

/** Made-up requests for one operation, beside those that the document itself leads to. The same ones in each run. */
const EXAMPLES = 25;

export interface Outcome {
  readonly code: number | null;
  /** All that it printed. */
  readonly report: string;
}

/** Asks the running product, and resolves when it is done. */
export async function askAll(path: string, wanted: Wanted): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-schemathesis-'));
  const settings = join(folder, 'schemathesis.toml');
  writeFileSync(settings, settingsOf(wanted));
  const run = ['--config-file', settings, 'run', `${wanted.url}/openapi.json`, '--no-color'];
  const options = ['--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing,stateful'];
  const bounds = ['--max-examples', String(EXAMPLES), '--generation-deterministic', '--no-shrink'];
  // One thread: with two, Python 3.11 itself fails now and then.
  const rest = ['--workers', '1', '--request-timeout', '30', '--continue-on-failure', '--warnings', 'off'];
  const args = [...run, ...options, ...bounds, ...rest];
  const child = spawn(path, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let report = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      report += part.toString();
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, report };
}

/** Its settings as TOML: JSON's texts, lists and numbers are TOML's too. */
function settingsOf({ apiKey, known, leftOut }: Wanted): string {
  const text = JSON.stringify;
  const dictionaries = known.map(({ values }, at) => `[dictionaries.d${at}]\nvalues = ${text(values)}`);
  const bindings = known.map(
    ({ parameter, operations, probability = 0.8 }, at) =>
      `[[operations]]\ninclude-operation-id-regex = ${text(operations.source)}\n[operations.parameters]\n` +
      `${text(parameter)} = { dictionary = "d${at}", probability = ${probability} }`,
  );
  return [
    `headers = { Authorization = ${text(`Bearer ${apiKey}`)} }`,
    ...dictionaries,
    ...bindings,
    `[[operations]]\ninclude-operation-id = ${text(leftOut)}\nenabled = false`,
    '',
  ].join('\n\n');
}

import { randomUUID } from 'node:crypto';
import { CliError, type CliSettings, EXIT } from './settings';

/** The API as the commands see it: bodies only, refusals as CliError. */
export interface Api {
  get<T>(path: string): Promise<T>;
  /** Undefined where there is nothing at this address. */
  find<T>(path: string): Promise<T | undefined>;
  post<T>(path: string, body: unknown): Promise<T>;
}

interface Refused {
  readonly code?: string;
  readonly detail?: string;
  readonly faults?: readonly { readonly path: string; readonly message: string }[];
}

/** Longer than any answer takes that moves a test clock. */
const PATIENCE_MS = 150_000;

/** Speaks HTTP to a running product. */
export function callerOf({ url, apiKey }: CliSettings): Api {
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const headers: Record<string, string> = { authorization: `Bearer ${apiKey}` };
    if (body !== undefined)
      Object.assign(headers, { 'content-type': 'application/json', 'idempotency-key': randomUUID() });
    try {
      return await fetch(`${url}${path}`, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS),
        redirect: 'error',
      });
    } catch {
      throw new CliError(
        EXIT.unreachable,
        `Perennial does not answer at ${url}; is it running? (PERENNIAL_URL)`,
      );
    }
  };
  const answered = async <T>(response: Response): Promise<T> => {
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    throw refusalOf(response.status, text);
  };
  return {
    get: async (path) => answered(await ask('GET', path)),
    post: async (path, body) => answered(await ask('POST', path, body)),
    async find<T>(path: string) {
      const response = await ask('GET', path);
      return response.status === 404 ? undefined : answered<T>(response);
    },
  };
}

function refusalOf(status: number, text: string): CliError {
  let refused: Refused = {};
  try {
    refused = JSON.parse(text) as Refused;
  } catch {
    // Not ours, or not up yet: the status is all there is.
  }
  const faults = refused.faults?.map(({ path, message }) => `\n  ${path === '' ? 'body' : path}: ${message}`);
  const sentence = refused.detail ?? `It was answered ${status}, and not by Perennial as it seems.`;
  if (status === 401 && refused.code !== 'key_of_other_mode')
    return new CliError(
      EXIT.refused,
      `The API key is wrong; set PERENNIAL_API_KEY to the one of this Perennial.`,
    );
  const code = refused.detail === undefined && status === 503 ? EXIT.unreachable : EXIT.refused;
  return new CliError(code, `${sentence}${faults?.join('') ?? ''}`);
}

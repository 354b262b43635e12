import type { ApiKeyAnswer, NewApiKeyAnswer } from '#contract/api-keys';
import { SCOPES } from '#domain/scope';
import type { Api } from './caller';
import type { Command, Given, Said } from './commands';
import { when } from './words';

const ACTS = ['list', 'create', 'rotate', 'revoke'];
const KEY = /^key_[a-z2-7]{20}$/;
const LONGEST_OVERLAP = 168;

/** `perennial keys` */
export const keys: Command = {
  summary: 'API keys: who may ask Perennial for what',
  usage: `perennial keys list [--json]
perennial keys create --name NAME --scope (${SCOPES.join(' | ')}) [--expires TIME] [--json]
perennial keys rotate <key> [--overlap-hours 24] [--expires TIME] [--json]
perennial keys revoke <key> [--json]`,
  help: `A key is shown once, when it is made: keep it then. A rotated one goes on for the overlap, 0 to ${LONGEST_OVERLAP} hours; the key that
it is rotated into acts as the same. It takes a key with the scope admin, as PERENNIAL_API_KEY is.`,
  takes: [`one of ${ACTS.join(', ')}`],
  mayTake: ['the id of a key'],
  options: {
    name: { type: 'string' },
    scope: { type: 'string' },
    expires: { type: 'string' },
    'overlap-hours': { type: 'string' },
  },
  check,
  run: (api, given) => {
    switch (given.positionals[0]) {
      case 'create':
        return create(api, given);
      case 'rotate':
        return rotate(api, given);
      case 'revoke':
        return revoke(api, given);
      default:
        return list(api);
    }
  },
};

/** The options that each act takes. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  list: [],
  create: ['name', 'scope', 'expires'],
  rotate: ['overlap-hours', 'expires'],
  revoke: [],
};

function check({ positionals, flags }: Given): string | undefined {
  const [act = '', id] = positionals;
  const options = ACTS.includes(act) ? OPTIONS[act] : undefined;
  if (!options) return `It is one of ${ACTS.join(', ')}.`;
  const other = ['name', 'scope', 'expires', 'overlap-hours'].find(
    (name) => flags[name] !== undefined && !options.includes(name),
  );
  if (other !== undefined) return `keys ${act} takes no --${other}.`;
  const isAboutOne = act === 'rotate' || act === 'revoke';
  if (!isAboutOne && id !== undefined) return `keys ${act} takes no id.`;
  if (isAboutOne && !KEY.test(id ?? ''))
    return 'The id of a key is key_ and 20 letters or digits: perennial keys list.';
  if (flags.expires !== undefined && Number.isNaN(Date.parse(String(flags.expires))))
    return '--expires must be a time like 2027-12-31T09:00:00+09:00.';
  if (act === 'create' && flags.name === undefined) return 'It lacks --name, for people to tell it by.';
  if (act === 'create' && !SCOPES.some((scope) => scope === flags.scope))
    return `It lacks --scope, one of ${SCOPES.join(', ')}.`;
  const hours = flags['overlap-hours'];
  if (hours !== undefined && !(/^\d{1,3}$/.test(String(hours)) && Number(hours) <= LONGEST_OVERLAP))
    return `--overlap-hours must be a whole number from 0 to ${LONGEST_OVERLAP}.`;
  return undefined;
}

async function list(api: Api): Promise<Said> {
  const json = await api.get<{ data: ApiKeyAnswer[] }>('/v1/api-keys');
  const lines = json.data.map(lineOf);
  const first = 'Beside them PERENNIAL_API_KEY is valid, with the scope admin.';
  return { text: [...(lines.length > 0 ? lines : ['No keys were made yet.']), first].join('\n'), json };
}

async function create(api: Api, { flags }: Given): Promise<Said> {
  const { name, scope } = flags;
  const json = await api.post<NewApiKeyAnswer>('/v1/api-keys', { name, scope, expiresAt: endOf(flags) });
  return { text: shown(json), json };
}

async function rotate(api: Api, { positionals, flags }: Given): Promise<Said> {
  const hours = flags['overlap-hours'];
  const json = await api.post<NewApiKeyAnswer>(`/v1/api-keys/${positionals[1]}/rotate`, {
    overlapHours: hours === undefined ? undefined : Number(hours),
    expiresAt: endOf(flags),
  });
  return { text: `${shown(json)}\nThe old key, ${positionals[1]}, goes on until the overlap ends.`, json };
}

async function revoke(api: Api, { positionals }: Given): Promise<Said> {
  const json = await api.post<ApiKeyAnswer>(`/v1/api-keys/${positionals[1]}/revoke`, {});
  return { text: `${json.id} (${json.name}) is revoked.`, json };
}

function endOf({ expires }: Given['flags']): string | undefined {
  return expires === undefined ? undefined : new Date(String(expires)).toISOString();
}

function shown(made: NewApiKeyAnswer): string {
  return `${made.secret}\n\n${lineOf(made)}\nIt is shown this once: keep it now.`;
}

function lineOf(key: ApiKeyAnswer): string {
  const { id, name, prefix, scope, status, lastUsedAt, expiresAt, revokedAt, rotatedTo } = key;
  const facts = [
    scope,
    status,
    lastUsedAt === null ? 'never used' : `last used ${when(lastUsedAt)}`,
    ...(revokedAt !== null ? [`revoked ${when(revokedAt)}`] : []),
    ...(revokedAt === null && expiresAt !== null ? [`until ${when(expiresAt)}`] : []),
    ...(rotatedTo !== null ? [`rotated into ${rotatedTo}`] : []),
  ];
  return `${id}  ${prefix}…  ${name}: ${facts.join(', ')}`;
}

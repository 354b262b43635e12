import {
  BY_HAND,
  type DeliveryAnswer,
  type EndpointAnswer,
  type NewEndpointAnswer,
  type TestedAnswer,
} from '#contract/events';
import type { Api } from './caller';
import type { Command, Given, Said } from './commands';
import { EXIT } from './settings';
import { when } from './words';

/** The options that each act takes. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  list: [],
  add: ['types', 'description'],
  show: [],
  change: ['url', 'types', 'description'],
  test: [],
  deliveries: ['status'],
  redeliver: ['since', 'to', 'all', 'endpoint'],
  enable: ['skip'],
  disable: [],
  rotate: ['overlap-hours'],
  remove: [],
};
const ACTS = Object.keys(OPTIONS);
const NAMES = [...new Set(Object.values(OPTIONS).flat())];
/** Those that are about no endpoint that is there already. */
const OF_NONE = ['list', 'add'];
const ENDPOINT = /^we_[a-z2-7]{20}$/;
const EVENT = /^evt_[1-9]\d{12}_[1-9]\d{0,8}$/;
const STATUSES = ['waiting', 'delivered', 'dead'];
const LONGEST_OVERLAP = 168;

/** `perennial webhooks` */
export const webhooks: Command = {
  summary: 'what your own systems are told, and whether they take it',
  usage: `perennial webhooks list [--json]
perennial webhooks add <url> [--types TYPE,TYPE] [--description TEXT] [--json]
perennial webhooks change <endpoint> [--url URL] [--types (TYPE,TYPE | all)] [--description TEXT] [--json]
perennial webhooks (show | test | disable | remove) <endpoint> [--json]
perennial webhooks enable <endpoint> [--skip] [--json]
perennial webhooks rotate <endpoint> [--overlap-hours 24] [--json]
perennial webhooks deliveries <endpoint> [--status (${STATUSES.join(' | ')})] [--json]
perennial webhooks redeliver <endpoint> --since TIME [--to TIME] [--all] [--json]
perennial webhooks redeliver <event> [--endpoint <endpoint>] [--json]`,
  help: `A secret is shown once, when it is drawn: by add and by rotate, after which the old one signs too for 24 hours, or as many as you say (0 to ${LONGEST_OVERLAP}).
test sends a made-up event now; deliveries shows the 20 newest. redeliver sends what was given up in a span of time, with --all everything that the
endpoint wants of it, 10,000 events at most; or one event, to all endpoints that want it or to the one that you name. enable goes on where it stopped,
with --skip only with what happens from now on. It takes a key with the scope admin.`,
  takes: [`one of ${ACTS.join(', ')}`],
  mayTake: ['the id of an endpoint, the address of a new one, or the id of an event'],
  options: {
    ...Object.fromEntries(NAMES.map((name) => [name, { type: 'string' as const }])),
    skip: { type: 'boolean' },
    all: { type: 'boolean' },
  },
  check,
  run: (api, given) => {
    const [act = '', target = ''] = given.positionals;
    const { flags } = given;
    const at = `/v1/webhook-endpoints/${target}`;
    const { description } = flags;
    switch (act) {
      case 'list':
        return list(api);
      case 'add':
        return drawn(api, '/v1/webhook-endpoints', {
          url: target,
          description,
          types: typesOf(flags) ?? undefined,
        });
      case 'show':
        return shown(api, at);
      case 'change':
        return changed(api, `${at}/change`, { url: flags.url, description, types: typesOf(flags) });
      case 'rotate':
        return drawn(api, `${at}/rotate-secret`, { overlapHours: hoursOf(flags) });
      case 'test':
        return tested(api, `${at}/test`);
      case 'deliveries':
        return deliveries(api, `${at}/deliveries?limit=20${flags.status ? `&status=${flags.status}` : ''}`);
      case 'redeliver':
        return EVENT.test(target) ? redelivered(api, target, flags) : redeliveredSpan(api, at, flags);
      case 'remove':
        return removed(api, `${at}/remove`);
      case 'enable':
        return changed(api, `${at}/enable`, { skip: flags.skip });
      default:
        return changed(api, `${at}/${act}`, {});
    }
  },
};

function check(given: Given): string | undefined {
  const { positionals, flags } = given;
  const [act = '', target] = positionals;
  const options = ACTS.includes(act) ? OPTIONS[act] : undefined;
  if (!options) return `It is one of ${ACTS.join(', ')}.`;
  const other = NAMES.find((name) => flags[name] !== undefined && !options.includes(name));
  if (other !== undefined) return `webhooks ${act} takes no --${other}.`;
  if (act === 'list' && target !== undefined) return 'webhooks list takes no id.';
  if (act === 'add' && target === undefined) return 'It lacks the address that events are sent to.';
  const isEvent = act === 'redeliver' && EVENT.test(target ?? '');
  if (!OF_NONE.includes(act) && !isEvent && !ENDPOINT.test(target ?? ''))
    return `The id of an endpoint is we_ and 20 letters or digits: perennial webhooks list.${act === 'redeliver' ? ' That of an event begins with evt_.' : ''}`;
  if (act === 'change' && options.every((name) => flags[name] === undefined))
    return 'It lacks what is to be changed: --url, --types or --description.';
  if (act === 'redeliver') return isEvent ? faultOfEvent(flags) : faultOfSpan(flags);
  return faultOfValue(flags);
}

function faultOfValue({ status, 'overlap-hours': hours }: Given['flags']): string | undefined {
  if (status !== undefined && !STATUSES.includes(String(status)))
    return `--status must be one of ${STATUSES.join(', ')}.`;
  if (hours !== undefined && !(/^\d{1,3}$/.test(String(hours)) && Number(hours) <= LONGEST_OVERLAP))
    return `--overlap-hours must be a whole number from 0 to ${LONGEST_OVERLAP}.`;
  return undefined;
}

function faultOfEvent({ endpoint, ...others }: Given['flags']): string | undefined {
  const other = ['since', 'to', 'all'].find((name) => others[name] !== undefined);
  if (other !== undefined) return `webhooks redeliver takes no --${other} for a single event.`;
  if (endpoint !== undefined && !ENDPOINT.test(String(endpoint)))
    return '--endpoint must be the id of an endpoint: perennial webhooks list.';
  return undefined;
}

function faultOfSpan({ endpoint, since, to }: Given['flags']): string | undefined {
  if (endpoint !== undefined)
    return '--endpoint is for a single event: the endpoint of a span stands before it.';
  if (Number.isNaN(Date.parse(String(since))))
    return 'It lacks --since, a time like 2027-12-31T09:00:00+09:00.';
  if (to !== undefined && Number.isNaN(Date.parse(String(to))))
    return '--to must be a time like 2027-12-31T09:00:00+09:00.';
  return undefined;
}

/** Null for all types, undefined where none were given. */
function typesOf({ types }: Given['flags']): string[] | null | undefined {
  if (types === undefined) return undefined;
  return types === 'all'
    ? null
    : String(types)
        .split(',')
        .map((each) => each.trim());
}

function hoursOf({ 'overlap-hours': hours }: Given['flags']): number | undefined {
  return hours === undefined ? undefined : Number(hours);
}

async function list(api: Api): Promise<Said> {
  const json = await api.get<{ data: EndpointAnswer[] }>('/v1/webhook-endpoints');
  const isIll = json.data.some(
    ({ status, disabledReason }) =>
      status === 'down' || (status === 'disabled' && disabledReason !== BY_HAND),
  );
  const text =
    json.data.map(lineOf).join('\n') || 'Nothing is sent to anybody yet: perennial webhooks add <url>.';
  return { text, json, exitCode: isIll ? EXIT.attention : EXIT.fine };
}

async function drawn(api: Api, path: string, body: object): Promise<Said> {
  const json = await api.post<NewEndpointAnswer>(path, body);
  return { text: `${json.secret}\n\n${lineOf(json)}\nThe secret is shown this once: keep it now.`, json };
}

async function tested(api: Api, path: string): Promise<Said> {
  const json = await api.post<TestedAnswer>(path, {});
  const text = json.taken ? `Taken in ${json.ms} ms (${json.status}).` : `Not taken: ${json.failure}.`;
  return { text, json, exitCode: json.taken ? EXIT.fine : EXIT.attention };
}

async function deliveries(api: Api, path: string): Promise<Said> {
  const json = await api.get<{ data: DeliveryAnswer[] }>(path);
  const lines = json.data.map(({ eventId, type, status, tries }) => {
    const last = tries.at(-1);
    const said = last
      ? `, ${tries.length} ${tries.length === 1 ? 'try' : 'tries'}, last ${when(last.at)}`
      : '';
    return `${eventId}  ${type}: ${status}${said}${last?.failure ? `, ${last.failure}` : ''}`;
  });
  const none = path.includes('&status=') ? 'There are none.' : 'Nothing was sent to it yet.';
  return { text: lines.join('\n') || none, json };
}

async function redeliveredSpan(api: Api, at: string, { since, to, all }: Given['flags']): Promise<Said> {
  const json = await api.post<{ count: number }>(`${at}/redeliver`, {
    from: new Date(String(since)).toISOString(),
    to: to === undefined ? undefined : new Date(String(to)).toISOString(),
    only: all ? 'all' : 'dead',
  });
  return { text: `${json.count} events ${all ? '' : 'that were given up '}are sent again.`, json };
}

async function redelivered(api: Api, event: string, { endpoint }: Given['flags']): Promise<Said> {
  const json = await api.post<{ count: number }>(`/v1/events/${event}/redeliver`, { endpointId: endpoint });
  const to = json.count === 1 ? '1 endpoint' : `${json.count} endpoints`;
  return { text: `${event} is sent again to ${to}.`, json };
}

async function removed(api: Api, path: string): Promise<Said> {
  const json = await api.post<{ id: string }>(path, {});
  return { text: `${json.id} is removed.`, json };
}

async function changed(api: Api, path: string, body: object): Promise<Said> {
  const json = await api.post<EndpointAnswer>(path, body);
  return { text: lineOf(json), json };
}

async function shown(api: Api, path: string): Promise<Said> {
  const json = await api.get<EndpointAnswer>(path);
  return { text: lineOf(json), json };
}

function lineOf({ id, url, types, status, disabledReason, failingSince }: EndpointAnswer): string {
  const facts = [
    status,
    types === null ? 'all events' : types.join(' '),
    ...(disabledReason === null ? [] : [disabledReason]),
    ...(failingSince === null ? [] : [`failing since ${when(failingSince)}`]),
  ];
  return `${id}  ${url}: ${facts.join(', ')}`;
}

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

const ACTS = ['list', 'add', 'test', 'deliveries', 'redeliver', 'enable', 'disable', 'rotate', 'remove'];
/** Those that are about no endpoint that is there already. */
const OF_NONE = ['list', 'add'];
const ENDPOINT = /^we_[a-z2-7]{20}$/;

/** `perennial webhooks` */
export const webhooks: Command = {
  summary: 'what your own systems are told, and whether they take it',
  usage: `perennial webhooks list [--json]
perennial webhooks add <url> [--json]
perennial webhooks (test | deliveries | enable | disable | rotate | remove) <endpoint> [--json]
perennial webhooks redeliver <endpoint> --since TIME [--json]`,
  help: `A secret is shown once, when it is drawn: by add and by rotate, after which the old one signs too for 24 hours. test sends a made-up event now;
redeliver sends what was given up since a time. It takes a key with the scope admin.`,
  takes: [`one of ${ACTS.join(', ')}`],
  mayTake: ['the id of an endpoint, or the address of a new one'],
  options: { since: { type: 'string' } },
  check,
  run: (api, given) => {
    const [act = '', target = ''] = given.positionals;
    const at = `/v1/webhook-endpoints/${target}`;
    switch (act) {
      case 'list':
        return list(api);
      case 'add':
        return drawn(api, '/v1/webhook-endpoints', { url: target });
      case 'rotate':
        return drawn(api, `${at}/rotate-secret`, {});
      case 'test':
        return tested(api, `${at}/test`);
      case 'deliveries':
        return deliveries(api, `${at}/deliveries?limit=20`);
      case 'redeliver':
        return redelivered(api, `${at}/redeliver`, given);
      case 'remove':
        return removed(api, `${at}/remove`);
      default:
        return changed(api, `${at}/${act}`);
    }
  },
};

function check({ positionals, flags }: Given): string | undefined {
  const [act = '', target] = positionals;
  if (!ACTS.includes(act)) return `It is one of ${ACTS.join(', ')}.`;
  if (act === 'list' && target !== undefined) return 'webhooks list takes no id.';
  if (act === 'add' && target === undefined) return 'It lacks the address that events are sent to.';
  if (!OF_NONE.includes(act) && !ENDPOINT.test(target ?? ''))
    return 'The id of an endpoint is we_ and 20 letters or digits: perennial webhooks list.';
  if (act !== 'redeliver' && flags.since !== undefined) return `webhooks ${act} takes no --since.`;
  if (act === 'redeliver' && Number.isNaN(Date.parse(String(flags.since))))
    return 'It lacks --since, a time like 2027-12-31T09:00:00+09:00.';
  return undefined;
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
  return { text: lines.join('\n') || 'Nothing was sent to it yet.', json };
}

async function redelivered(api: Api, path: string, { flags }: Given): Promise<Said> {
  const from = new Date(String(flags.since)).toISOString();
  const json = await api.post<{ count: number }>(path, { from });
  return { text: `${json.count} events that were given up are sent again.`, json };
}

async function removed(api: Api, path: string): Promise<Said> {
  const json = await api.post<{ id: string }>(path, {});
  return { text: `${json.id} is removed.`, json };
}

async function changed(api: Api, path: string): Promise<Said> {
  const json = await api.post<EndpointAnswer>(path, {});
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

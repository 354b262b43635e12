import { z } from 'zod';
import type { Decline, DeclineClass } from '#domain/payment';
import { CODE_CLASSES, type CodeClass, DECLINE_TABLE, type DeclineTable } from './decline-table';

/** What a gateway said of a payment that it did not make. */
export interface GatewayAnswer {
  /** StepPay's name of the gateway; absent in a refusal, which does not name it. */
  readonly gateway?: string;
  readonly code: string;
  readonly message: string;
}

/** Says which class a gateway's answer belongs to; `ambiguous` and `alreadyDone` are no declines. */
export type Classify = (answer: GatewayAnswer) => CodeClass;

const LONGEST_MESSAGE = 200;
const SPACES = /\s+/gu;
const WIDEST_RANGE = 1000;
const SHORTEST_TELLING_CODE = 4;

const codes = z.array(z.string().min(1).max(60));
const codeClass = z.enum(CODE_CLASSES);
const overrides = z.strictObject({
  gateways: z.record(z.string().min(1), z.partialRecord(codeClass, codes)).optional(),
  messageFirst: z.record(z.string().min(1), codes).optional(),
  words: z.array(z.strictObject({ class: codeClass, words: z.array(z.string().min(1)) })).optional(),
});

/**
 * Makes the classifier: the code of the gateway, then the words of its message, else `funds` (an unknown code never ends a
 * payment method). Without the gateway's name a code counts when all gateways that use it agree, and `ambiguous` wins,
 * because a charge that may have happened must not be called a decline.
 * @param table merged over the built-in one: its codes replace the class of a built-in code, its words are looked at first
 * @throws TypeError naming each fault of the table by its path
 */
export function createClassify(table?: unknown): Classify {
  const own = parseTable(table);
  const byGateway = new Map<string, Map<string, CodeClass>>();
  const messageFirst = new Map<string, Set<string>>();
  for (const each of [DECLINE_TABLE, own]) {
    fillCodes(byGateway, each);
    for (const [gateway, list] of Object.entries(each.messageFirst)) messageFirst.set(gateway, new Set(list));
  }
  const words = [...own.words, ...DECLINE_TABLE.words].map((rule) => ({
    class: rule.class,
    words: rule.words.map(plain),
  }));
  const byWords = (message: string): CodeClass | undefined => {
    const text = plain(message);
    return words.find((rule) => rule.words.some((word) => text.includes(word)))?.class;
  };
  return ({ gateway, code, message }) => {
    const byCode = gateway === undefined ? agreed(byGateway, code) : byGateway.get(gateway)?.get(code);
    const wordsFirst = gateway !== undefined && messageFirst.get(gateway)?.has(code);
    return (wordsFirst ? byWords(message) : undefined) ?? byCode ?? byWords(message) ?? 'funds';
  };
}

/** The decline, or undefined when the answer leaves open whether the customer paid. */
export function declineOf(classify: Classify, answer: GatewayAnswer): Decline | undefined {
  const found = classify(answer);
  return found === 'ambiguous' || found === 'alreadyDone' ? undefined : declined(found, answer);
}

/** A decline of the given class, its message cut to 200 characters. */
export function declined(found: DeclineClass, { code, message }: GatewayAnswer): Decline {
  return {
    class: found,
    code: code || 'unknown',
    message: Array.from(message).slice(0, LONGEST_MESSAGE).join(''),
  };
}

function parseTable(table: unknown): DeclineTable {
  const parsed = overrides.safeParse(table ?? {});
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'the table'}: ${issue.message}`,
    );
    throw new TypeError(`the decline table cannot be used: ${faults.join('; ')}`);
  }
  return {
    gateways: parsed.data.gateways ?? {},
    messageFirst: parsed.data.messageFirst ?? {},
    words: parsed.data.words ?? [],
  };
}

function fillCodes(byGateway: Map<string, Map<string, CodeClass>>, table: DeclineTable): void {
  for (const [gateway, classes] of Object.entries(table.gateways)) {
    const known = byGateway.get(gateway) ?? new Map<string, CodeClass>();
    byGateway.set(gateway, known);
    for (const name of CODE_CLASSES)
      for (const entry of classes[name] ?? []) for (const code of codesOf(entry)) known.set(code, name);
  }
}

/** The class that every gateway using this code gives it. A short one may be anybody's. */
function agreed(byGateway: Map<string, Map<string, CodeClass>>, code: string): CodeClass | undefined {
  const found = new Set([...byGateway.values()].flatMap((known) => known.get(code) ?? []));
  if (found.has('ambiguous')) return 'ambiguous';
  return found.size === 1 && code.length >= SHORTEST_TELLING_CODE ? [...found][0] : undefined;
}

/** 'A124..A126' -> A124, A125, A126; anything else is itself. */
function codesOf(entry: string): string[] {
  const range = /^(?<head>\D*)(?<from>\d+)\.\.\k<head>(?<to>\d+)$/.exec(entry)?.groups;
  if (!range) return [entry];
  const { head = '', from = '', to = '' } = range;
  const size = Number(to) - Number(from) + 1;
  if (size < 1 || size > WIDEST_RANGE || from.length !== to.length)
    throw new TypeError(`the decline table cannot be used: ${entry} is not a range`);
  return Array.from({ length: size }, (_, i) => head + String(Number(from) + i).padStart(from.length, '0'));
}

function plain(text: string): string {
  return text.normalize('NFC').replace(SPACES, '').toUpperCase();
}

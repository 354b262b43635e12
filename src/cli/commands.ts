import { attention } from './attention';
import type { Api } from './caller';
import { cancel, reactivate } from './cancel';
import { check } from './check';
import { figures } from './figures';
import { keys } from './keys';
import { messages } from './preview';
import { reconcile } from './reconcile';
import { recovery } from './recovery';
import { advance, release, settle, show, timeline } from './subscription';
import { webhooks } from './webhooks';

/** What was given on the command line, after the name of the command. */
export interface Given {
  readonly positionals: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
}

/** What a command says: for people, for machines, and to the shell. */
export interface Said {
  readonly text: string;
  readonly json: unknown;
  readonly exitCode?: number;
}

export interface Command {
  readonly summary: string;
  readonly usage: string;
  readonly help: string;
  /** Its arguments, by name. */
  readonly takes: readonly string[];
  /** Further ones that may be left out. */
  readonly mayTake?: readonly string[];
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;
  /** A sentence about what is wrong with what was given; undefined when nothing is. */
  readonly check?: (given: Given) => string | undefined;
  readonly run: (api: Api, given: Given) => Promise<Said>;
  /** It runs without a product, and without a key. */
  readonly isLocal?: true;
}

export const COMMANDS: Readonly<Record<string, Command>> = {
  attention,
  show,
  timeline,
  cancel,
  reactivate,
  settle,
  release,
  reconcile,
  recovery,
  figures,
  check,
  messages,
  webhooks,
  advance,
  keys,
};

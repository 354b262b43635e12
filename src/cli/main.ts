#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { type Api, callerOf } from './caller';
import { COMMANDS, type Command, type Given } from './commands';
import { CliError, EXIT, readSettings } from './settings';

/** `perennial`: what operators do and look at, in the terminal. Speaks HTTP to a running product, so it works from anywhere. */

const OVERVIEW = `perennial <command>

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n')}

  --json     for machines: the API's own JSON
  --help     what a command takes

PERENNIAL_URL      where Perennial runs, http://127.0.0.1:3000 by default
PERENNIAL_API_KEY  its API key; by default the one that is kept in PERENNIAL_DATA_DIR (.perennial)

Exit code: 0 done, 1 refused, 2 wrong arguments, 3 something needs a person, 4 no answer.`;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(OVERVIEW);
    return name === undefined ? EXIT.usage : EXIT.fine;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new UsageError(`There is no command ${name}.`, OVERVIEW);
  const given = read(command, rest);
  if (given.flags.help) {
    console.log(`${command.usage}\n\n${command.help}`);
    return EXIT.fine;
  }
  const api = command.isLocal ? NO_API : callerOf(readSettings(process.env));
  const { text, json, exitCode = EXIT.fine } = await command.run(api, given);
  console.log(given.flags.json ? JSON.stringify(json, null, 2) : text);
  return exitCode;
}

const nobody = () => Promise.reject(new Error('this command asks no product'));
const NO_API: Api = { get: nobody, find: nobody, post: nobody };

class UsageError extends CliError {
  constructor(
    message: string,
    readonly usage: string,
  ) {
    super(EXIT.usage, message);
  }
}

/** @throws UsageError with one sentence */
function read(command: Command, args: readonly string[]): Given {
  const options = {
    ...command.options,
    json: { type: 'boolean' as const },
    help: { type: 'boolean' as const, short: 'h' },
  };
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const given: Given = { positionals, flags: values };
    const fault = given.flags.help ? undefined : faultOf(command, given);
    if (fault !== undefined) throw new UsageError(fault, command.usage);
    return given;
  } catch (error) {
    if (error instanceof CliError) throw error;
    const sentence = error instanceof Error ? error.message.split('. ')[0] : 'The arguments cannot be read';
    throw new UsageError(`${sentence}.`, command.usage);
  }
}

function faultOf({ takes, mayTake = [], check }: Command, given: Given): string | undefined {
  const { length } = given.positionals;
  const all = [...takes, ...mayTake];
  if (length < takes.length) return `It lacks ${takes[length]}.`;
  if (length > all.length)
    return `It takes ${all.length === 0 ? 'no' : 'only'} ${all.join(' and ') || 'arguments'}.`;
  return check?.(given);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof CliError)) throw error;
    console.error(error instanceof UsageError ? `${error.message}\n\n${error.usage}` : error.message);
    process.exitCode = error.exitCode;
  },
);

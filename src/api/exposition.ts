/** The text that Prometheus reads (version 0.0.4). */

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Samples of one name. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'summary';
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** `_sum` and `_count` of a summary. */
  readonly suffix?: '_sum' | '_count';
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Every family with its help and type, each sample on a line of its own. */
export function expose(families: readonly Family[]): string {
  return families.map((family) => `${linesOf(family).join('\n')}\n`).join('');
}

function linesOf({ name, help, type, samples }: Family): string[] {
  const lines = samples.map(
    ({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelsOf(labels)} ${value}`,
  );
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
}

function labelsOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

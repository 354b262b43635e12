/** Ratios of medians from paired runs: what is compared takes turns on the same machine, so that its noise falls on both. */

export interface Compared {
  readonly ours: number;
  readonly floor: number;
  /** floor / ours: 1 is as quick as the floor, 0.5 takes twice as long. */
  readonly ratio: number;
  /** The lowest and the highest ratio of a single pair. */
  readonly range: readonly [number, number];
}

/** Runs both in turn, after one pair that is not counted. Times are milliseconds. */
export async function compare(
  pairs: number,
  ours: (turn: number) => Promise<unknown>,
  floor: (turn: number) => Promise<unknown>,
): Promise<Compared> {
  const times: { ours: number; floor: number }[] = [];
  for (let turn = 0; turn <= pairs; turn++) {
    // Which one goes first changes from pair to pair.
    const first = turn % 2 === 0;
    const one = first ? await timed(() => ours(turn)) : await timed(() => floor(turn));
    const other = first ? await timed(() => floor(turn)) : await timed(() => ours(turn));
    if (turn > 0) times.push(first ? { ours: one, floor: other } : { ours: other, floor: one });
  }
  const ratios = times.map((pair) => pair.floor / pair.ours).sort((a, b) => a - b);
  const medians = { ours: median(times.map((t) => t.ours)), floor: median(times.map((t) => t.floor)) };
  return {
    ...medians,
    ratio: medians.floor / medians.ours,
    range: [ratios[0] ?? 0, ratios[ratios.length - 1] ?? 0],
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

/** One line of the table. */
export function rowOf(what: string, { ours, floor, ratio, range }: Compared, goal?: number): string {
  const aim = goal === undefined ? '' : `${ratio >= goal ? 'met' : 'missed'} (${goal})`;
  const spread = `${range[0].toFixed(2)}–${range[1].toFixed(2)}`;
  return `| ${what} | ${ours.toFixed(2)} ms | ${floor.toFixed(2)} ms | **${ratio.toFixed(2)}** | ${spread} | ${aim} |`;
}

/** What is still to come from outside, by time; of two things at one instant the one that was planned first comes first. */
export interface Agenda {
  readonly size: number;
  /** When the next thing comes. */
  readonly nextAt: number;
  plan(at: number, what: () => void): void;
  /** Takes out the next thing. */
  take(): () => void;
}

export function openAgenda(): Agenda {
  const things: { at: number; what: () => void }[] = [];
  return {
    get size() {
      return things.length;
    },
    get nextAt() {
      return things[0]?.at ?? Number.POSITIVE_INFINITY;
    },
    plan(at, what) {
      let i = things.length;
      while (i > 0 && (things[i - 1]?.at ?? 0) > at) i--;
      things.splice(i, 0, { at, what });
    },
    take() {
      const first = things.shift();
      if (!first) throw new Error('nothing is planned');
      return first.what;
    },
  };
}

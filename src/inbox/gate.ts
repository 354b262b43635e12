/** Lets a few in at once; the rest wait in line, and beyond its length nobody may. */
export class Gate {
  #inside = 0;
  readonly #line: (() => void)[] = [];

  constructor(
    private readonly width: number,
    private readonly length: number,
  ) {}

  /** The result of `work` once it had its turn; `full` when the line is too long to join. */
  async pass<T>(work: () => Promise<T>): Promise<T | 'full'> {
    if (this.#inside >= this.width) {
      if (this.#line.length >= this.length) return 'full';
      await new Promise<void>((resolve) => this.#line.push(resolve));
    } else this.#inside += 1;
    try {
      return await work();
    } finally {
      const next = this.#line.shift();
      // The place inside is handed over.
      if (next) next();
      else this.#inside -= 1;
    }
  }
}

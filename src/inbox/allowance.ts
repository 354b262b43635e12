/** How often something may happen: a few times at once, then once in a while, for each key on its own. */
export class Allowance {
  readonly #left = new Map<string, { count: number; at: number }>();

  /**
   * @param most at once
   * @param everyMs one more
   * @param keys how many are remembered; the one that asked longest ago is forgotten, and starts anew
   */
  constructor(
    private readonly most: number,
    private readonly everyMs: number,
    private readonly keys = 20_000,
    private readonly now: () => number = Date.now,
  ) {}

  /** True when it may happen once more now; then it is counted. */
  take(key: string): boolean {
    const now = this.now();
    const before = this.#left.get(key) ?? { count: this.most, at: now };
    const back = Math.floor((now - before.at) / this.everyMs);
    const count = Math.min(this.most, before.count + back);
    const at = count === this.most ? now : before.at + back * this.everyMs;
    this.#left.delete(key);
    this.#left.set(key, { count: Math.max(0, count - 1), at });
    if (this.#left.size > this.keys) this.#forgetOne();
    return count > 0;
  }

  #forgetOne(): void {
    const [oldest] = this.#left.keys();
    if (oldest !== undefined) this.#left.delete(oldest);
  }
}

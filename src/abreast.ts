/**
 * Acts on every item, on at most so many at once, in their order. Answers in that order too.
 * @throws what the first one that fails throws; no further one is begun then
 */
export async function abreast<Item, Result>(
  most: number,
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  let failed = false;
  const lane = async () => {
    for (const [place, item] of waiting) {
      if (failed) return;
      results[place] = await act(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane));
  return results;
}

/** Those who wait at the same time, handed over together: one commit for all of them. */
export function sharedCommits<Item, Kept>(
  commitAll: (items: readonly Item[]) => readonly Kept[] | Promise<readonly Kept[]>,
): (item: Item) => Promise<Kept> {
  let waiting: { readonly item: Item; readonly kept: PromiseWithResolvers<Kept> }[] = []
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    // Everybody who arrives in this turn of the event loop comes along.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      const together = waiting
      waiting = []
      try {
        const kept = await commitAll(together.map(({ item }) => item))
        for (const [place, each] of together.entries()) each.kept.resolve(kept[place] as Kept)
      } catch (error) {
        for (const each of together) each.kept.reject(error)
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    isRunning = false
  }

  return (item) => {
    const kept = Promise.withResolvers<Kept>()
    waiting.push({ item, kept })
    if (!isRunning) void run()
    return kept.promise
  }
}

/** Fewest runs and least time of a measurement: a card that was idle needs some time for its full clock. */
const RUNS = 2;
const MILLISECONDS = 200;

/**
 * The shortest of several runs in a row, the first of which warms up and does not count: drivers compile then.
 * @param run measures once; milliseconds
 * @param hopeless a time so long that one run that counts is enough
 */
export async function bestTime(run: () => Promise<number>, hopeless = Number.POSITIVE_INFINITY): Promise<number> {
  const began = performance.now();
  await run();
  let best = await run();
  if (best > hopeless) return best;
  for (let i = 1; i < RUNS || performance.now() - began < MILLISECONDS; i++) best = Math.min(best, await run());
  return best;
}

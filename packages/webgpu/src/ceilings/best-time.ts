/** Fewest runs and shortest time of a measurement: a card that was idle needs some time to reach its full clock. */
const RUNS = 2;
const MILLISECONDS = 200;

/**
 * The shortest of several runs in a row. The first one does not count: drivers compile during it.
 * @param run measures once, in milliseconds
 * @param hopeless milliseconds; if the first run that counts takes longer, no other run follows
 */
export async function bestTime(run: () => Promise<number>, hopeless = Number.POSITIVE_INFINITY): Promise<number> {
  const began = performance.now();
  await run();
  let best = await run();
  if (best > hopeless) return best;
  for (let i = 1; i < RUNS || performance.now() - began < MILLISECONDS; i++) best = Math.min(best, await run());
  return best;
}

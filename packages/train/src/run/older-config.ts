/** What a run's configuration says of the engine, in today's words, and a sentence where it was said in older ones. */
export interface UpgradedEngine {
  readonly engine: string;
  readonly notice?: string;
}

/**
 * The name that a run's engine has today. Before version 0.1.0 `native` was libtensorflow on the CPU, which is called `tensorflow`
 * now. It had no worker threads; today's `native` has some, and each of its runs records how many.
 */
export function upgradeEngine(engine: string, workers: number | undefined): UpgradedEngine {
  if (engine !== 'native' || workers !== undefined) return { engine };
  return {
    engine: 'tensorflow',
    notice: 'its engine is what older versions called native, libtensorflow on the CPU: it is called tensorflow now.',
  };
}

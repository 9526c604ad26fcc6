import type { Precision } from '../engines/precision.js';

/** What a run's configuration says of how it computes, as any version has written it. */
interface WrittenComputing {
  readonly engine: string;
  readonly workers?: number | undefined;
  readonly precision?: Precision | undefined;
  /** What older versions wrote in place of the precision `float16`. */
  readonly float16?: boolean | undefined;
}

/** The same in today's words, and a sentence where it was said in others. */
interface UpgradedComputing {
  readonly engine: string;
  readonly precision: Precision | undefined;
  readonly notice?: string;
}

/**
 * How a run computes, in the words of today. Before version 0.1.0 `native` was libtensorflow on the CPU, which is called
 * `tensorflow` now. It had no worker threads; today's `native` has some, and each of its runs records how many.
 */
export function upgradeComputing({ engine, workers, float16, precision }: WrittenComputing): UpgradedComputing {
  const products = precision ?? (float16 ? 'float16' : undefined);
  if (engine !== 'native' || workers !== undefined) return { engine, precision: products };
  return {
    engine: 'tensorflow',
    precision: products,
    notice: 'its engine is what older versions called native, libtensorflow on the CPU: it is called tensorflow now.',
  };
}

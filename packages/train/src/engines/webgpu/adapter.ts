/** The GPU that computes where a machine has several: not the one that saves power. */
export const ADAPTER_OPTIONS = { powerPreference: 'high-performance' } as const;

/** What an adapter says of itself; Dawn has the GPU's name in `device` and its driver's in `description`. */
interface AdapterNames {
  readonly device?: string | undefined;
  readonly description?: string | undefined;
  readonly vendor?: string | undefined;
}

/** The adapter's name for people; Dawn writes dashes for all signs of the name, the last one too. */
export const adapterName = ({ device, description, vendor }: AdapterNames): string =>
  [device?.replace(/-+$/, ''), description, vendor].find((text) => text) ?? 'GPU';

import type { EngineName } from '../engine-names.js';

/** Whether an engine can run here and, if not, why and what would mend it. */
export interface EngineProbe {
  readonly name: EngineName | 'webgpu';
  readonly usable: boolean;
  /** What computes, in words; where usable. */
  readonly device?: string;
  /** Usable, but never taken by `auto`: a GPU emulated on the CPU. */
  readonly software?: boolean;
  /** Why not, without a full stop; where not usable. */
  readonly reason?: string;
  /** The command, or a short sentence, that mends it; where not usable. */
  readonly remedy?: string;
}

import { composite } from './composite/index.js';
import { fused } from './fused/index.js';
import { hasKernels } from './kernels.js';
import type { Operations } from './operations.js';

/** The form of the operations for the backend that is current now. */
export const chooseOperations = (): Operations => (hasKernels() ? fused : composite);

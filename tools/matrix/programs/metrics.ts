import { adjustedRandScore } from '@nem/metrics';

export const use = async () => adjustedRandScore([0, 0, 1, 1], [0, 0, 1, 2]);

import { argmaxGamma } from '@nem/metrics/frames';

export const use = async () => argmaxGamma(Float32Array.of(0.4, 0.6), { frames: 1, components: 2, pixels: 1 })[0];

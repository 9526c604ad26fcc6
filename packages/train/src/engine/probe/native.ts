import { probeLibTensorFlow } from './libtensorflow.js';

/** `native`: libtensorflow on the CPU. */
export const probeNative = async () => probeLibTensorFlow('native');

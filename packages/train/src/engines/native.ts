import { libTensorFlow } from './libtensorflow.js';

/** `native`: libtensorflow on the CPU. */
export const native = libTensorFlow('native', 'cpu');

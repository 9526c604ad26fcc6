import { libTensorFlow } from './libtensorflow.js';

/** `tensorflow`: libtensorflow on the CPU. */
export const tensorflow = libTensorFlow('tensorflow', 'cpu');

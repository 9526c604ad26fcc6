import { libTensorFlow } from './libtensorflow.js';

/** `cuda`: libtensorflow on an NVIDIA GPU. */
export const cuda = libTensorFlow('cuda', 'gpu');

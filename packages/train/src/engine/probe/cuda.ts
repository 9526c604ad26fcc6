import { probeLibTensorFlow } from './libtensorflow.js';

/** `cuda`: libtensorflow on an NVIDIA GPU. */
export const probeCuda = async () => probeLibTensorFlow('cuda');

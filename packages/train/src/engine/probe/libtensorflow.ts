import { libTensorFlowDevice } from '../native/backend.js';
import { EngineUnavailable, type LibTensorFlowEngine } from '../native/package.js';
import type { EngineProbe } from './probe.js';

/** What `native` and `cuda` share. */
export function probeLibTensorFlow(name: LibTensorFlowEngine): EngineProbe {
  try {
    return { name, usable: true, device: libTensorFlowDevice(name) };
  } catch (error) {
    if (!(error instanceof EngineUnavailable)) throw error;
    return { name, usable: false, reason: error.reason, remedy: error.remedy };
  }
}

import { CodedError } from '@nem/core';

/** A plan or results that do not fit the device, or need a feature that it lacks; the message names the number to lower, or the feature. */
export class PlanError extends CodedError {
  static override readonly code = 'NEM_PLAN';
  override readonly name = 'PlanError';
}

/** The device was lost or destroyed: request a new device and compile again. */
export class DeviceLostError extends CodedError {
  static override readonly code = 'NEM_DEVICE_LOST';
  override readonly name = 'DeviceLostError';

  /**
   * @param reason what happened, without a full stop
   * @param remedy what the device's owner should do
   */
  constructor(
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(`${reason}: ${remedy}`);
  }
}

/** The device has not enough memory for the plan. */
export class OutOfMemoryError extends CodedError {
  static override readonly code = 'NEM_OUT_OF_MEMORY';
  override readonly name = 'OutOfMemoryError';
}

/** A launch that does not give a kernel the bindings and arguments that it declares: a fault of this package's own code. */
export class LaunchError extends CodedError {
  static override readonly code = 'NEM_LAUNCH';
  override readonly name = 'LaunchError';
}

/** A kernel that the device's compiler refuses; the message holds the compiler's first complaint. */
export class ShaderError extends CodedError {
  static override readonly code = 'NEM_SHADER';
  override readonly name = 'ShaderError';
}

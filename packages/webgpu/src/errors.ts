/** A plan that does not fit the device, or needs a feature that it lacks; the message names the number to lower, or the feature. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}

/** The device was lost or destroyed: request a new device and compile again. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';

  /**
   * @param reason what happened, without a full stop
   * @param remedy what mends it, for whoever owns the device
   */
  constructor(
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(`${reason}: ${remedy}`);
  }
}

/** The device has not enough memory for the plan. */
export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError';
}

/** A launch that does not give a kernel the bindings and arguments that it declares: a fault of this package's own code. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}

/** A kernel that the device's compiler refuses; the message holds the compiler's first complaint. */
export class ShaderError extends Error {
  override readonly name = 'ShaderError';
}

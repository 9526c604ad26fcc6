import { DisposedError } from '@nem/core';
import { DeviceLostError } from './errors.js';

/** Knows whether a device is lost, and turns what fails because of it into a {@link DeviceLostError}. */
export class DeviceWatch {
  readonly #device: GPUDevice;
  #lost: GPUDeviceLostInfo | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
    device.lost.then((info) => {
      this.#lost = info;
    });
  }

  /** @throws DeviceLostError where the device is lost */
  check(): void {
    if (!this.#lost) return;
    throw new DeviceLostError(
      `the GPU device is lost (${this.#lost.reason || 'unknown'}: ${this.#lost.message || 'no message'})`,
      'request a new device and compile again.',
    );
  }

  /** Runs `work`. @throws DeviceLostError for any failure on a lost device but a DisposedError; otherwise what `work` throws */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    this.check();
    try {
      return await work();
    } catch (error) {
      if (error instanceof DisposedError) throw error;
      // The rejection of a mapping can arrive before the event that the device is lost.
      await Promise.race([this.#device.lost, new Promise((resolve) => setTimeout(resolve, 20))]);
      this.check();
      throw error;
    }
  }
}

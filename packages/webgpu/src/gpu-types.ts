/**
 * The user's own `GPUAdapter` and `GPUDevice`: of `@webgpu/types` (which Dawn's package brings along), or of a DOM library that has
 * them. A program that has neither may still be checked against ours: there they are what every adapter and device has.
 */
export type Adapter = typeof globalThis extends { GPUAdapter: { prototype: infer Gpu } } ? Gpu : AnyAdapter;
export type Device = typeof globalThis extends { GPUDevice: { prototype: infer Gpu } } ? Gpu : AnyDevice;

/** A GPU, where `GPUAdapter` is not declared. */
interface AnyAdapter {
  readonly limits: object;
  readonly features: object;
  requestDevice(): Promise<AnyDevice>;
}

/** A device, where `GPUDevice` is not declared. */
interface AnyDevice {
  readonly limits: object;
  readonly features: object;
  readonly queue: object;
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  destroy(): void;
}

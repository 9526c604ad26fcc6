// Preloaded by `node --import '…/destroy-device.fixture.mjs?submissions=n'`: at the n-th submission of commands Dawn's device
// is destroyed, as a driver that resets would do it.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const dawn = createRequire(import.meta.url).resolve('webgpu');
const { globals } = await import(pathToFileURL(dawn).href);
const most = Number(new URL(import.meta.url).searchParams.get('submissions'));
let device;
let submissions = 0;
const { requestDevice } = globals.GPUAdapter.prototype;
globals.GPUAdapter.prototype.requestDevice = async function (...args) {
  device = await requestDevice.apply(this, args);
  return device;
};
const { submit } = globals.GPUQueue.prototype;
globals.GPUQueue.prototype.submit = function (...args) {
  submit.apply(this, args);
  if (++submissions === most) device.destroy();
};

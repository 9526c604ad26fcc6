// Prints whether the adapter that Dawn takes, by the driver in VK_ICD_FILENAMES, has half precision.
import { create } from 'webgpu';

// Adapters die with what `create` returns.
globalThis.gpu = create([]);
const adapter = await globalThis.gpu.requestAdapter();
console.log(adapter?.features.has('shader-f16') ?? false);
process.exit();

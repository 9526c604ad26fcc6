// Prints whether the adapter that Dawn takes, by the driver in VK_ICD_FILENAMES, has half precision.
import { create } from 'webgpu';

const adapter = await create([]).requestAdapter();
console.log(adapter?.features.has('shader-f16') ?? false);
process.exit();

import { deriveKey, fillUint32 } from '@nem/random';

export const use = async () => [...fillUint32(deriveKey(0, 'noise', 12), new Uint32Array(2))];

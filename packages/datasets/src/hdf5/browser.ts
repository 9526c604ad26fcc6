// `@nem/datasets/hdf5` in browsers, where there is no file system: it has the names of the sub-path, without the library of 4 MB.
import { nodeOnly } from '../node-only.js';
import type * as node from './index.js';

export type { Hdf5Dataset, Hdf5Values, WriteHdf5Options } from './index.js';

const REMEDY = 'read or write HDF5 files there';

export const encodeHdf5: typeof node.encodeHdf5 = nodeOnly('encodeHdf5', REMEDY);
export const openHdf5: typeof node.openHdf5 = nodeOnly('openHdf5', REMEDY);
export const writeHdf5: typeof node.writeHdf5 = nodeOnly('writeHdf5', REMEDY);

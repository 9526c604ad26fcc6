export { encodeHdf5, type Hdf5Values } from './encode-arrays.js';
export { type Hdf5Dataset, openHdf5 } from './open-hdf5.js';
export { type WriteHdf5Options, writeHdf5 } from './write-hdf5.js';

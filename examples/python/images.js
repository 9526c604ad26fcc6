// Test images of three shapes as images.npy, [4, 28, 28]: NumPy's format is a line of text, then the numbers.
import { writeFileSync } from 'node:fs';
import { drawSamples, staticShapes } from '@nem/datasets';

const { features } = drawSamples(staticShapes({ seed: 0 }), 'test', [0, 1, 2, 3]);
const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 28, 28), }";
const header = `${text.padEnd(128 - 10 - 1)}\n`;
const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]);
writeFileSync('images.npy', Buffer.concat([start, Buffer.from(header), Buffer.from(features.buffer)]));
console.log('images.npy: 4 images of 28 × 28 pixels');

import { expect, it } from 'vitest';
import { DATASETS, type DatasetKind, isStill } from './index.js';

const pattern = (images: number) => Uint8Array.from({ length: images * 784 }, (_, i) => (i * 7919) % 256);
const digits = { source: 'a pattern', height: 28, width: 28, training: pattern(60), test: pattern(6) };

it.each(Object.entries<DatasetKind>(DATASETS))(
  '%s has the name in the table, and is still if the table says so',
  (name, kind) => {
    const dataset = kind.draws === 'digits' ? kind.create({ digits }) : kind.create({});
    expect(dataset.name).toBe(name);
    expect(isStill(dataset)).toBe(kind.isStill);
  },
);

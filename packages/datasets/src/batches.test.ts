import { expect, it } from 'vitest';
import { BatchOrder, batches, drawSamples, staticShapes } from './index.js';

const dataset = staticShapes({ sizes: { training: 10, validation: 3, test: 3 } });

it('gives the batches of an epoch, each in arrays of its own', async () => {
  const order = new BatchOrder({ size: 10, batchSize: 4, seed: 3, epoch: 2 });
  const found = [];
  for await (const batch of batches(dataset, 'training', { batchSize: 4, seed: 3, epoch: 2 })) found.push(batch);
  expect(found.map(({ count }) => count)).toEqual([4, 4, 2]);
  expect(found.map(({ indices }) => [...indices])).toEqual([0, 1, 2].map((i) => [...order.indices(i)]));
  expect(found[1]).toMatchObject(drawSamples(dataset, 'training', order.indices(1)));
  expect(found[0]!.features.buffer).not.toBe(found[1]!.features.buffer);
});

it('goes through them with for too, in order where asked to', () => {
  const indices = Array.from(batches(dataset, 'test', { shuffle: false, batchSize: 2 }), (batch) => [...batch.indices]);
  expect(indices).toEqual([[0, 1], [2]]);
});

it('goes by 64 samples in the order of seed 0 where nothing else is asked for', () => {
  const large = staticShapes({ sizes: { training: 100 } });
  const order = new BatchOrder({ size: 100, batchSize: 64, seed: 0 });
  const indices = Array.from(batches(large, 'training'), (batch) => [...batch.indices]);
  expect(indices).toEqual([[...order.indices(0)], [...order.indices(1)]]);
});

it('refuses at once what it cannot go by', () => {
  expect(() => batches(dataset, 'test', { batchSize: 0 })).toThrow('the batch size is 0');
  expect(() => batches(dataset, 'train' as never)).toThrow(
    "there is no split 'train': use training, validation or test.",
  );
  expect(() => batches(dataset, 'test', { size: 3 } as never)).toThrow("batches has no option 'size'");
});

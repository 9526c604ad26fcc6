import { expect, it } from 'vitest';
import { newest } from './newest.js';

/** Calls that end when they are told to. */
function held() {
  const ends: { resolve(value: string): void; reject(error: Error): void }[] = [];
  const call = newest(() => new Promise<string>((resolve, reject) => ends.push({ resolve, reject })));
  return { call, ends };
}

it('gives the result of the newest call alone, whichever ends first', async () => {
  const { call, ends } = held();
  const [video, picture] = [call(), call()];
  ends[1]?.resolve('picture');
  ends[0]?.resolve('video');
  expect(await Promise.all([video, picture])).toEqual([undefined, 'picture']);
});

it('fails where the newest call fails, and not where an older one does', async () => {
  const { call, ends } = held();
  const [older, newer] = [call(), call()];
  ends[0]?.reject(new Error('older'));
  ends[1]?.reject(new Error('newer'));
  expect(await older).toBeUndefined();
  await expect(newer).rejects.toThrow('newer');
});

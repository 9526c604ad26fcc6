import { afterEach, expect, it, vi } from 'vitest';
import { download } from './download.js';

afterEach(() => vi.unstubAllGlobals());

it('gives the bytes of a file and tells how many have come', async () => {
  const body = new ReadableStream({
    start(controller) {
      for (const part of [[1, 2], [3]]) controller.enqueue(Uint8Array.from(part));
      controller.close();
    },
  });
  vi.stubGlobal('fetch', async () => new Response(body, { headers: { 'content-length': '3' } }));
  const told: [number, number][] = [];
  expect([...(await download('/weights', (...sizes) => told.push(sizes)))]).toEqual([1, 2, 3]);
  expect(told).toEqual([
    [2, 3],
    [3, 3],
  ]);
});

it.each([
  ['the server has no such file', async () => new Response('', { status: 404 }), 'the server says 404.'],
  ['there is no network', () => Promise.reject(new TypeError('Failed to fetch')), 'Failed to fetch'],
])('names the file where %s', async (_, fetched, reason) => {
  vi.stubGlobal('fetch', fetched);
  await expect(download('/weights', () => undefined)).rejects.toThrow(`/weights could not be loaded: ${reason}`);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { decodeSafetensors, encodeSafetensors } from '@nem/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadModel } from './model.js';
import { ModelError } from './model-error.js';
import { stillModel, weightsOf } from './small-model.fixture.js';

let folder: string;
let server: Server;
let site: string;
const training = { engine: 'wasm', seed: 2 };
const whole = weightsOf(stillModel, training);
const older = encodeSafetensors(decodeSafetensors(whole).arrays);
const { image, still: _, ...rest } = stillModel;
const experiment = { ...rest, dataset: { height: image[0], width: image[1] }, lossSteps: 'last', name: 'mine' };

function makeRun(name: string, weights: Uint8Array): string {
  const run = join(folder, name);
  mkdirSync(join(run, 'checkpoints'), { recursive: true });
  writeFileSync(join(run, 'checkpoints/best.safetensors'), weights);
  writeFileSync(join(run, 'config.json'), JSON.stringify({ experiment, engine: 'wasm', seed: 2 }));
  return run;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nem-models-'));
  server = createServer(({ url }, response) => {
    if (url === '/run/checkpoints/best.safetensors') response.end(older);
    else if (url === '/run/config.json') response.end(JSON.stringify({ experiment }));
    else if (url === '/guarded/checkpoints/best.safetensors?token=1') response.end(whole);
    else if (url === '/broken.safetensors') {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('some bytes', () => response.destroy());
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  server.close();
});

const load = (source: Parameters<typeof loadModel>[0]) => loadModel(source, { engine: 'plain' });

it('loads bytes, a file, a run folder and their URLs', async () => {
  const run = makeRun('new', whole);
  const file = join(run, 'checkpoints/best.safetensors');
  for (const source of [
    whole,
    whole.slice().buffer,
    file,
    run,
    `${run}/`,
    pathToFileURL(run),
    pathToFileURL(file).href,
  ]) {
    const { description, training: how, height, width, binary } = await load(source);
    expect({ description, how, height, width, binary }).toEqual({
      description: stillModel,
      how: training,
      height: 4,
      width: 6,
      binary: true,
    });
  }
});

it('loads a run of an older version, whose weights say nothing, by its configuration', async () => {
  expect((await load(makeRun('older', older))).description).toEqual(stillModel);
  expect((await load(`${site}/run`)).description).toEqual(stillModel);
});

it('takes a blob and data in an address for a file, and keeps what the address of a run asks for', async () => {
  const blob = URL.createObjectURL(new Blob([whole]));
  const data = `data:application/octet-stream;base64,${Buffer.from(whole).toString('base64')}`;
  for (const source of [blob, data, new URL(data), `${site}/guarded?token=1`, `${site}/guarded/?token=1#best`]) {
    expect((await load(source)).description).toEqual(stillModel);
  }
  URL.revokeObjectURL(blob);
});

const cases: [string, () => unknown, RegExp][] = [
  [
    'a name',
    () => 'circles',
    /^there is no model 'circles': the names are static-shapes.*; a run of your own is given as its folder, e\.g\. runs\/circles\.$/,
  ],
  [
    'a folder',
    () => join(folder, 'none/'),
    /none\/checkpoints\/best\.safetensors cannot be read \(ENOENT\): give a run folder or a safetensors file\.$/,
  ],
  [
    'a picture',
    () => fileURLToPath(new URL('../pictures/groupings.png', import.meta.url)),
    /groupings\.png is a file of another kind: give a run folder or a safetensors file\.$/,
  ],
  [
    'an address',
    () => `${site}/none.safetensors`,
    /none\.safetensors cannot be fetched \(404 Not Found\): check its address\.$/,
  ],
  ['a server', () => 'http://127.0.0.1:1/x.safetensors', /cannot be fetched \(fetch failed\): check its address/],
  [
    'a connection that breaks',
    () => `${site}/broken.safetensors`,
    /broken\.safetensors cannot be fetched \(.*\): check its address, and that its site/,
  ],
  ['data in an address', () => `data:text/plain,${'x'.repeat(999)}`, /^data:text\/plain,x{44}…: the .{0,200}$/],
  [
    'a part of an address',
    () => 'https://',
    /^the address https:\/\/ is not whole: give one such as https:\/\/example\.org\/run\.$/,
  ],
  [
    'a file of another machine',
    () => 'file://weights.safetensors',
    /^file:\/\/weights\.safetensors\/? is no address of a file on this machine: give file:\/\/\/ and its whole path\.$/,
  ],
  ['no metadata', () => older, /^the file says nothing of its network in its metadata: give the run folder/],
  [
    'a truncated file',
    () => whole.subarray(0, whole.length - 9),
    /^the file: the safetensors file declares \d+ bytes of data but holds \d+: it is truncated/,
  ],
  [
    'nothing',
    () => undefined,
    /^the model is missing: give a name, a folder, a URL or the bytes of a safetensors file\.$/,
  ],
];
it.each(cases)('refuses %s in one sentence', async (_name, source, sentence) => {
  const loading = load(source() as Uint8Array);
  await expect(loading).rejects.toThrow(ModelError);
  await expect(loading).rejects.toThrow(sentence);
});

it('refuses parameters of another network, and damaged metadata', async () => {
  const { arrays, metadata } = decodeSafetensors(whole);
  const { 'recurrent.bias': _bias, ...others } = arrays;
  await expect(load(encodeSafetensors(others, metadata))).rejects.toThrow(
    new ModelError(
      'the file does not fit its network: the parameter recurrent.bias is missing: use weights of the same network.',
    ),
  );
  await expect(load(encodeSafetensors(arrays, { model: '{}' }))).rejects.toThrow(
    /^in the file, the network of the model is missing/,
  );
});

import { type EngineSpec, initialGamma } from '@nem/core';
import { createTensorFlowEngine } from '@nem/core/tensorflow';
import { deriveKey } from '@nem/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from './model.js';
import { ModelError } from './model-error.js';
import { images, sequenceModel, stillModel, weightsOf } from './small-model.fixture.js';

const still = () => loadModel(weightsOf(stillModel), { engine: 'plain' });
const sequences = () => loadModel(weightsOf(sequenceModel), { engine: 'plain' });

const near = (ours: Float32Array, theirs: Float32Array, tolerance = 1e-5) => {
  expect(ours.length).toBe(theirs.length);
  const worst = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0);
  expect(worst).toBeLessThan(tolerance);
};

describe('group', () => {
  it('gives labels, γ, ψ and h of one image, a batch and a sequence, with their lengths', async () => {
    const model = await still();
    const one = await model.group(images(1));
    expect(one.shape).toEqual({ steps: 1, batch: 1, components: 3, height: 4, width: 6, hidden: 5 });
    expect([one.labels.length, one.gamma.length, one.predictions.length, one.hidden.length]).toEqual([24, 72, 72, 15]);
    expect((await model.group(images(7), { components: 5 })).shape).toMatchObject({ batch: 7, components: 5 });
    expect((await model.group(images(1), { steps: 2, keep: 'all' })).shape.steps).toBe(2);
    const sequence = await (await sequences()).group(images(6));
    expect(sequence.shape).toMatchObject({ steps: 5, batch: 1 });
    expect((await (await sequences()).group(images(12), { batch: 2 })).shape).toMatchObject({ steps: 5, batch: 2 });
  });

  it('has labels that are the largest γ, which sums to 1', async () => {
    const { labels, gamma } = await (await still()).group(images(2));
    labels.forEach((label, i) => {
      const at = (k: number) => gamma[(Math.floor(i / 24) * 3 + k) * 24 + (i % 24)]!;
      expect(at(label)).toBe(Math.max(at(0), at(1), at(2)));
      expect(at(0) + at(1) + at(2)).toBeCloseTo(1, 5);
    });
  });

  it('is the same for the same seed and has no noise, unless asked for', async () => {
    const model = await still();
    const one = await model.group(images(3), { seed: 4 });
    expect(await model.group(images(3), { seed: 4 })).toEqual(one);
    expect((await model.group(images(3), { seed: 5 })).gamma).not.toEqual(one.gamma);
    expect((await model.group(images(3), { seed: 4, noise: true })).gamma).not.toEqual(one.gamma);
    expect(await model.group(images(3), { seed: 4, noise: { type: 'none' } })).toEqual(one);
  });

  it('takes frames one by one, as numbers, as bytes and as pictures', async () => {
    const model = await sequences();
    const whole = await model.group(images(6));
    const parts = Array.from({ length: 6 }, (_, t) => images(6).slice(24 * t, 24 * (t + 1)));
    const bytes = parts.map((part) => Uint8Array.from(part, (value) => 255 * value));
    const clamped = bytes.map((part) => Uint8ClampedArray.from(part));
    const pictures = bytes.map((data) => ({ width: 6, height: 4, data }));
    for (const frames of [parts, bytes, clamped, pictures]) expect(await model.group(frames)).toEqual(whole);
  });

  it('makes a picture black and white for a network of binary pixels, and leaves it grey for another', async () => {
    const picture = { width: 6, height: 4, data: Uint8Array.from(images(1), (value) => 100 + 100 * value) };
    const binary = await still();
    expect(await binary.group(picture)).toEqual(await binary.group(images(1)));
    const grey = await loadModel(weightsOf({ ...stillModel, mixture: { distribution: 'gaussian' } }), {
      engine: 'plain',
    });
    expect(await grey.group(picture)).toEqual(await grey.group(picture.data));
    expect((await grey.group(picture)).gamma).not.toEqual((await grey.group(images(1))).gamma);
  });

  it('gives an image in a large batch the place of the initial γ that it has there', async () => {
    const model = await still();
    const large = await model.group(images(130));
    expect(large.shape.batch).toBe(130);
    const small = await model.group(images(3));
    expect(large.gamma.subarray(0, 3 * 72)).toEqual(small.gamma);
  });

  it('lets the caller use its array again while an engine computes', async () => {
    const engine = (spec: EngineSpec) => createTensorFlowEngine(spec, deriveKey(0, 'parameters'));
    const model = await loadModel(weightsOf(stillModel), { engine });
    for (const given of [(frame: Float32Array) => frame, (frame: Float32Array) => [frame]]) {
      const frame = images(2).slice();
      const grouping = model.group(given(frame));
      frame.fill(0);
      expect(await grouping).toEqual(await model.group(images(2)));
    }
  });

  it('takes dark frames of bytes among others, and later ones of a stream', async () => {
    const model = await sequences();
    const [bright, dark] = [new Uint8Array(24).fill(200), new Uint8Array(24).fill(1)];
    expect((await model.group([dark, bright, bright])).shape.steps).toBe(2);
    const tracker = model.track();
    await tracker.next(bright);
    expect((await tracker.next(dark))?.shape.steps).toBe(1);
  });

  it('takes bytes, numbers, pictures and lists of them', async () => {
    const model = await still();
    const numbers = images(2);
    const { gamma } = await model.group(numbers);
    const bytes = Uint8Array.from(numbers, (value) => 255 * value);
    expect((await model.group(bytes)).gamma).toEqual(gamma);
    expect((await model.group([bytes.subarray(0, 24), numbers.subarray(24)])).gamma).toEqual(gamma);
    const rgba = Uint8ClampedArray.from({ length: 96 }, (_, i) => (i % 4 === 3 ? 255 : bytes[Math.floor(i / 4)]!));
    const picture = { width: 6, height: 4, data: rgba };
    expect((await model.group([picture, numbers.subarray(24)])).gamma).toEqual(gamma);
  });
});

describe('on an engine', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each([
    ['tensorflow', 'still images', stillModel, images(70)],
    ['tensorflow', 'a sequence', sequenceModel, images(6)],
    ['wasm', 'still images', stillModel, images(70)],
    ['wasm', 'a sequence', sequenceModel, images(6)],
  ] as const)('%s gives what plain TypeScript gives: %s', async (engine, _, description, frames) => {
    const weights = weightsOf(description);
    const plain = await (await loadModel(weights, { engine: 'plain' })).group(frames, { noise: true, keep: 'all' });
    const model = await loadModel(weights, { engine });
    const ours = await model.group(frames, { noise: true, keep: 'all' });
    expect([model.engine, ours.shape]).toEqual([engine, plain.shape]);
    near(ours.gamma, plain.gamma);
    near(ours.predictions, plain.predictions);
    near(ours.hidden, plain.hidden);
    model.dispose();
  });

  it('takes one that is given, with the initial γ of the trainer’s generator', async () => {
    const made: number[] = [];
    const model = await loadModel(weightsOf(stillModel), {
      engine: (spec) => {
        made.push(spec.components);
        return createTensorFlowEngine(spec, deriveKey(0, 'parameters'));
      },
    });
    await model.group(images(1));
    await model.group(images(9));
    const { gamma } = await model.group(images(2), { components: 2 });
    expect(made).toEqual([3, 2]);
    const engine = createTensorFlowEngine(
      {
        network: stillModel.network,
        mixture: stillModel.mixture,
        image: stillModel.image,
        noise: { type: 'none' },
        components: 2,
        objective: { interWeight: 1, stepWeights: [0, 0, 0, 1], gammaGradient: false },
      },
      deriveKey(0, 'parameters'),
    );
    engine.setParameters(model.parameters);
    const gamma0 = initialGamma(deriveKey(0, 'group/gamma'), 2, 2, 24);
    const corrupted = Float32Array.from({ length: 4 * 48 }, (_, i) => images(2)[i % 48]!);
    near(gamma, (await engine.infer({ frames: images(2), batch: 2 }, { corrupted, gamma0 })).gamma, 1e-6);
  });

  it('takes the best there is', async () => {
    expect((await loadModel(weightsOf(stillModel))).engine).toMatch(/^(native|wasm)$/);
  });
});

describe('stream', () => {
  const frames = (count: number) =>
    Array.from({ length: count }, (_, t) => images(count).subarray(t * 24, (t + 1) * 24));

  it('gives a sequence’s groupings one by one, as group gives them at once', async () => {
    const model = await sequences();
    const whole = await model.group(images(6), { noise: true });
    let t = 0;
    for await (const { gamma, hidden } of model.stream(frames(6), { noise: true })) {
      expect(gamma).toEqual(whole.gamma.subarray(t * 72, (t + 1) * 72));
      expect(hidden).toEqual(whole.hidden.subarray(t * 15, (t + 1) * 15));
      t++;
    }
    expect(t).toBe(5);
  });

  it.each(['native', 'wasm', 'tensorflow'] as const)('on %s gives what group gives there', async (engine) => {
    const model = await loadModel(weightsOf(sequenceModel), { engine }).catch((error: ModelError) => error);
    // The addon is not there on every machine.
    if (model instanceof ModelError) return expect(model.message).toContain(`'${engine}' cannot run here`);
    const whole = await model.group(images(6), { noise: true, components: 4 });
    for (const repetition of [0, 1]) {
      let t = 0;
      for await (const { gamma, hidden } of model.stream(frames(6), { noise: true, components: 4 })) {
        const expected = whole.gamma.subarray(t * 96, (t + 1) * 96);
        if (engine === 'tensorflow') near(gamma, expected, 1e-5);
        else expect([repetition, gamma]).toEqual([repetition, expected]);
        near(hidden, whole.hidden.subarray(t * 20, (t + 1) * 20));
        t++;
      }
      expect(t).toBe(5);
    }
    model.dispose();
  });

  it('steps on with a still image as often as it is shown', async () => {
    const model = await still();
    const whole = await model.group(images(1), { keep: 'all' });
    const tracker = model.track();
    const shown = images(1);
    for (let t = 0; t < 4; t++) {
      const found = await tracker.next(shown);
      expect(found?.gamma).toEqual(whole.gamma.subarray(t * 72, (t + 1) * 72));
    }
    tracker.reset();
    expect((await tracker.next(shown))?.gamma).toEqual(whole.gamma.subarray(0, 72));
  });

  it('begins anew after reset(): nothing is known before the second frame, and the noise is that of the start', async () => {
    const tracker = (await sequences()).track({ noise: true });
    const follow = async () => {
      const found: unknown[] = [];
      for (const frame of frames(4)) found.push(await tracker.next(frame));
      return found;
    };
    const first = await follow();
    expect([first[0], first.length]).toEqual([undefined, 4]);
    tracker.reset();
    expect(await follow()).toEqual(first);
  });

  it('lets the caller use the memory of a frame again', async () => {
    const model = await sequences();
    const expected = await model.group(images(3), { keep: 'last' });
    const room = new Float32Array(24);
    const tracker = model.track();
    let last: Float32Array | undefined;
    for (const frame of frames(3)) {
      room.set(frame);
      last = (await tracker.next(room))?.gamma;
    }
    expect(last).toEqual(expected.gamma);
  });
});

describe('a tracker', () => {
  const network = { ...stillModel.network, input: [{ type: 'inputNorm' }] } as typeof stillModel.network;
  const grey = (seed: number) => images(seed + 1).subarray(seed * 24);

  it.each([
    ['still images', stillModel],
    ['sequences', sequenceModel],
  ])('goes on after a frame that cannot be grouped, as if it had not been there: %s', async (_, description) => {
    const model = await loadModel(weightsOf({ ...description, network }), { engine: 'plain' });
    const options = { noise: { type: 'maskedUniform', probability: 0 } } as const;
    const [broken, whole] = [model.track(options), model.track(options)];
    if (!description.still) await broken.next(new Float32Array(24));
    await expect(broken.next(description.still ? new Float32Array(24) : grey(0))).rejects.toThrow(ModelError);
    if (!description.still) await whole.next(grey(0));
    for (const seed of [1, 2, 3]) expect(await broken.next(grey(seed))).toEqual(await whole.next(grey(seed)));
  });

  it('lets the caller change what it returned', async () => {
    const model = await still();
    const [changed, left] = [model.track(), model.track()];
    for (let t = 0; t < 3; t++) {
      const found = await changed.next(images(1));
      expect(found).toEqual(await left.next(images(1)));
      for (const name of ['gamma', 'predictions', 'hidden'] as const) found?.[name].fill(7);
    }
  });
});

describe('errors are one sentence', () => {
  const cases: [string, () => Promise<unknown>, string][] = [
    [
      'another size',
      async () => (await still()).group(new Float32Array(25)),
      'the frames have 25 pixels: give whole images of 4×6, which are 24 pixels each.',
    ],
    [
      'K',
      async () => (await still()).group(images(1), { components: 0 }),
      'components is 0: give an integer from 1 to 256.',
    ],
    ['seed', async () => (await still()).track({ seed: -1 }), 'seed is -1: give an integer of at least 0.'],
    [
      'a misspelt part of noise',
      async () => (await still()).track({ noise: { type: 'bitFlip', probabilty: 0.2 } as never }),
      "noise has no option 'probabilty': give any of type, probability.",
    ],
    [
      'the type of noise',
      async () => (await still()).track({ noise: { type: 'salt' as 'none' } }),
      'the type of noise is salt: use none, bitFlip, maskedUniform.',
    ],
    [
      'the probability of noise',
      async () => (await still()).group(images(1), { noise: { type: 'bitFlip', probability: 2 } }),
      'the probability of noise is 2: give a number from 0 to 1.',
    ],
    [
      'noise of another type',
      async () => (await still()).track({ noise: 0.2 as never }),
      'noise is 0.2: give true, false or an object with a type and a probability.',
    ],
    [
      'steps',
      async () => (await sequences()).group(images(6), { steps: 9 }),
      'steps is 9 for a sequence of 6 frames: leave it out, it is 5.',
    ],
    [
      'batch',
      async () => (await still()).group(images(5), { batch: 2 }),
      'the batch is 2 where there are 5 images: give a number that divides them.',
    ],
    [
      'bits as bytes',
      async () => (await still()).group(Uint8Array.from(images(1))),
      'the bytes of the frames are 0 and 1 only: give bytes from 0 to 255, or a Float32Array from 0 to 1.',
    ],
    [
      'a picture’s size',
      async () => (await still()).group({ width: 3, height: 2, data: new Uint8Array(6) }),
      'the picture is 2×3: this network reads 4×6, which fitPicture makes of any.',
    ],
    [
      'another type',
      async () => (await still()).group([1, 2] as never),
      'a frame is a value of type number: give a Uint8Array, a Float32Array or an ImageData.',
    ],
    [
      'an engine',
      () => loadModel(weightsOf(stillModel), { engine: 'abacus' as never }),
      "unknown engine 'abacus': use auto, native, wasm, tensorflow, webgpu, plain.",
    ],
  ];
  it.each(cases)('%s', async (_, call, sentence) => {
    await expect(call()).rejects.toThrow(new ModelError(sentence));
  });

  it('of a pixel', async () => {
    await expect((await still()).group(images(1).fill(2))).rejects.toThrow('the frames have the pixel 2 at index 0');
  });

  it('of what is no number', async () => {
    const network = { ...stillModel.network, input: [{ type: 'inputNorm' }] } as typeof stillModel.network;
    const model = await loadModel(weightsOf({ ...stillModel, network }), { engine: 'plain' });
    await expect(model.group(new Float32Array(24))).rejects.toThrow(
      'the prediction is not a finite number, as that of a network that normalises its input is for an image of one grey value: leave such images out.',
    );
  });
});

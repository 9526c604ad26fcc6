import { beforeAll, expect, it } from 'vitest';
import { loadModel, type Model } from './model.js';
import { ModelError } from './model-error.js';
import { fitPicture } from './pictures/fit-picture.js';
import { images, stillModel, weightsOf } from './small-model.fixture.js';

const weights = weightsOf(stillModel);
let model: Model;
beforeAll(async () => {
  model = await loadModel(weights, { engine: 'plain' });
});

const picture = { width: 6, height: 4, data: new Uint8Array(24) };

/** Every function with options: how it is called with some, and its name in messages. */
const callers: [what: string, call: (options: never) => unknown][] = [
  ['loadModel', (options) => loadModel(weights, options)],
  ['group', (options) => model.group(images(1), options)],
  ['track', async (options) => model.track(options)],
  ['track', async (options) => model.stream([images(1)], options).next()],
  ['fitPicture', async (options) => fitPicture(picture, model, options)],
];

it.each(callers)('refuses an option that %s has not, and what is no object', async (what, call) => {
  for (const options of [{ component: 3 }, { Engine: 'plain' }, { ['x'.repeat(1e6)]: 1 }]) {
    const refusal: unknown = await Promise.resolve(call(options as never)).catch((error) => error);
    expect(refusal).toBeInstanceOf(ModelError);
    expect((refusal as ModelError).message).toMatch(
      new RegExp(`^${what} has no option '[^\\n]{1,60}': give any of [a-zA-Z, ]+\\.$`),
    );
  }
  await expect(call('max' as never)).rejects.toThrow(`the options of ${what} are no object`);
});

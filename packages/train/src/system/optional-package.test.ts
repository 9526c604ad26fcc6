import { expect, it } from 'vitest';
import { missingPackages, requirePackages } from './optional-package.js';

it('names what is not installed, with the command that adds it', () => {
  expect(missingPackages(['zod', '@tensorflow/tfjs-core'])).toBeUndefined();
  expect(missingPackages(['zod', '@nem/nothing', '@nem/naught'])).toEqual({
    reason: 'the npm packages @nem/nothing and @nem/naught are not installed',
    remedy: 'npm install @nem/nothing @nem/naught',
  });
  expect(() => requirePackages("the engine 'cpu'", ['@nem/nothing'])).toThrow(
    "the engine 'cpu' does not start: the npm package @nem/nothing is not installed: run npm install @nem/nothing.",
  );
});

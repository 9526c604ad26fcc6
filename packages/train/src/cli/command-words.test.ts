import { expect, it } from 'vitest';
import { RunError } from '../errors.js';
import { commandWords, evaluateAgain, resumeCommand } from './command-words.js';

it('names a run as one word of a shell', () => {
  expect(resumeCommand({ path: 'runs/static-shapes' })).toBe('nem train --resume runs/static-shapes');
  expect(resumeCommand({ path: "my runs/it's" })).toBe("nem train --resume 'my runs/it'\\''s'");
  expect(evaluateAgain({ path: 'a b' })).toBe("evaluate the run again with nem evaluate 'a b'");
});

it('has the command of each action where a library has plain words', () => {
  const error = new RunError('the device is lost', ['go on with ', { type: 'resumeRun', run: 'a b' }]);
  expect(error.message).toBe('the device is lost: go on with the run in a b');
  expect(error.sentence(commandWords)).toBe("the device is lost: go on with nem train --resume 'a b'");
});

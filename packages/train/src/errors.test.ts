import { describe, expect, it } from 'vitest';
import { commandWords } from './cli/command-words.js';
import { EngineError, EXIT_CODES, type Remedy, RunError, remedyText, withRemedy } from './errors.js';
import { StoppedError } from './stopped-error.js';

describe('an explained error', () => {
  const remedy: Remedy = ['install TensorFlow, then ', { type: 'setUpEngine', engine: 'cuda' }, '.'];

  it('has reason and remedy apart, and both in its message', () => {
    const error = new RunError('there is no GPU', remedy, { exitCode: 9, joint: '; ' });
    expect(error).toMatchObject({ reason: 'there is no GPU', remedy, exitCode: 9 });
    expect(error.message).toBe('there is no GPU; install TensorFlow, then set the engine cuda up.');
    expect(new RunError('it is so').message).toBe('it is so');
    expect(new RunError('it is so').exitCode).toBe(EXIT_CODES.failure);
  });

  it('says actions in the words of a command line', () => {
    const error = new RunError('there is no GPU', remedy);
    expect(error.sentence(commandWords)).toBe('there is no GPU: install TensorFlow, then nem engines setup cuda.');
    expect(new RunError('it is so').sentence(commandWords)).toBe('it is so');
    expect(remedyText('wait.', commandWords)).toBe('wait.');
  });
});

describe('withRemedy', () => {
  it('gives an error of an engine the remedy of what it was used for, and leaves others alone', () => {
    const mended = withRemedy(new EngineError('deviceLost', 'the device is lost (unknown: no message)'), 'go on.');
    expect(mended).toMatchObject({
      message: 'the device is lost (unknown: no message): go on.',
      exitCode: EXIT_CODES.deviceLost,
    });
    const other = new StoppedError('SIGINT', 'go on.');
    expect(withRemedy(other, 'run it again.')).toBe(other);
    expect(other.message).toBe('stopped by SIGINT: go on.');
  });
});

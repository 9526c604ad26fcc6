import { describe, expect, it } from 'vitest';
import { NO_HISTORY, type TrainCommand, type TrainEvent } from './messages.js';
import { sayingOf } from './saying.js';
import { settingsOf } from './settings.js';
import { after, LOOKING, type TrainView } from './view.js';

type Told = Exclude<TrainEvent, { kind: 'exported' }>;

const settings = settingsOf('rnn-em', 0.003, 0);
const none: Told = { kind: 'opened', updates: 0, history: NO_HISTORY };
const updated = (update: number): Told => ({ kind: 'updated', update, loss: 1, milliseconds: 20 });
const failed = (command: TrainCommand['kind']): Told => ({ kind: 'failed', command, message: 'because.' });

/** What is shown after several things were told. */
const afterAll = (view: TrainView, ...told: Told[]) => told.reduce(after, view);
const starting: TrainView = { ...afterAll(LOOKING, none), status: 'starting' };
const training = afterAll(starting, { ...none, settings }, updated(12));

describe('a training', () => {
  it('shows its settings once it has begun, and is said to be kept as far as it is', () => {
    expect(starting.settings).toBeUndefined();
    expect(training).toMatchObject({ status: 'training', settings, updates: 12 });
    expect(sayingOf(training)).toBe('Update 12: 20 ms each.');
    expect(sayingOf(afterAll(training, { kind: 'kept', updates: 12 }, updated(15)))).toBe(
      'Update 15: 20 ms each. You may close the tab: this browser keeps the first 12 updates.',
    );
  });

  it('goes on where another command fails', () => {
    for (const command of ['import', 'export', 'pause', 'forget'] as const) {
      expect(after(training, failed(command))).toMatchObject({
        ...training,
        failure: expect.stringMatching(/: because\.$/),
      });
    }
  });

  it('goes on where it cannot be kept, which is said', () => {
    const unkept = after(training, { kind: 'unkept', message: 'no room' });
    expect(unkept).toMatchObject({ status: 'training', unkept: 'no room' });
    expect(sayingOf(unkept)).toBe(
      'Update 12: 20 ms each. This browser does not keep it: download the weights before you close the tab.',
    );
    expect(sayingOf(after(unkept, { kind: 'paused', updates: 12 }))).toContain('does not keep it');
    const partly = afterAll(training, { kind: 'kept', updates: 12 }, updated(15), {
      kind: 'unkept',
      message: 'another tab',
    });
    expect(sayingOf(after(partly, { kind: 'paused', updates: 15 }))).toContain(
      'Paused after 15 updates. This browser does not',
    );
    expect(after(unkept, { kind: 'kept', updates: 12 }).unkept).toBe('');
  });

  it('says when it is paused how much of it is kept', () => {
    const paused = afterAll(training, { kind: 'kept', updates: 12 }, { kind: 'paused', updates: 12 });
    expect(sayingOf(paused)).toBe('Paused after 12 updates, and kept in this browser.');
    expect(sayingOf(after(training, { kind: 'paused', updates: 12 }))).toBe('Paused after 12 updates.');
    const later = afterAll(training, { kind: 'kept', updates: 12 }, updated(15), failed('start'));
    expect(later.status).toBe('paused');
    expect(sayingOf(later)).toBe('Paused after 15 updates. This browser keeps the first 12 of them.');
  });
});

describe('without a training', () => {
  it('a file that cannot be loaded changes nothing', () => {
    const view = afterAll(LOOKING, none, failed('import'));
    expect(view).toMatchObject({ status: 'none', failure: 'The file could not be loaded: because.' });
  });

  it('one can begin where the storage cannot be read', () => {
    expect(after(LOOKING, failed('open')).status).toBe('none');
  });

  it('a start that fails says so, and one that finds none ends', () => {
    expect(after(starting, failed('start')).status).toBe('failed');
    expect(after(starting, none).status).toBe('none');
  });
});

import { describe, expect, it, vi } from 'vitest';
import { StoppedError } from '../stopped-error.js';
import { Interruption, interruptible } from './interruption.js';

describe('Interruption', () => {
  it('lets a signal of another process in, which is noted, and ends at once on a second one', async () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    const notice = vi.spyOn(console, 'error').mockImplementation(() => {});
    const interruption = new Interruption('the step ends', 'go on.');
    expect(await interruption.requested()).toBe(false);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await interruption.requested()).toBe(true);
    await expect(interruption.check()).rejects.toEqual(new StoppedError('SIGTERM', 'go on.'));
    expect(interruption.abort.reason).toMatchObject({ message: 'stopped by SIGTERM: go on.', exitCode: 143 });
    expect(notice).toHaveBeenCalledWith('SIGTERM: the step ends (a second signal ends at once).');
    expect(exit).not.toHaveBeenCalled();
    // The same request, told to the process and to its group.
    process.emit('SIGTERM', 'SIGTERM');
    expect(exit).not.toHaveBeenCalled();
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 600);
    process.emit('SIGINT', 'SIGINT');
    expect(exit).toHaveBeenCalledWith(130);
    interruption.dispose();
  });

  it('listens no more once its work has failed', async () => {
    const before = process.listenerCount('SIGTERM');
    const failing = interruptible('the step ends', 'go on.', async () => {
      expect(process.listenerCount('SIGTERM')).toBe(before + 1);
      throw new Error('a fault');
    });
    await expect(failing).rejects.toThrow('a fault');
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});

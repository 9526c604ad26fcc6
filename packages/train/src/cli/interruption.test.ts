import { afterEach, describe, expect, it, vi } from 'vitest';
import { Interruption } from './interruption.js';

describe('Interruption', () => {
  afterEach(() => vi.restoreAllMocks());

  it('lets a signal of another process in, which is noted, and ends at once on a second one', async () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    const notice = vi.spyOn(console, 'error').mockImplementation(() => {});
    const interruption = new Interruption('the step ends');
    expect(await interruption.requested()).toBe(false);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await interruption.requested()).toBe(true);
    expect(interruption.signal).toBe('SIGTERM');
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

  it('listens no more once disposed of', () => {
    const before = process.listenerCount('SIGTERM');
    const interruption = new Interruption('the step ends');
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    interruption.dispose();
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});

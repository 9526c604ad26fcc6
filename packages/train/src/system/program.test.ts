import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { StoppedError } from '../stopped-error.js';
import { runProgram, tryProgram } from './program.js';

const node = (script: string, options?: Parameters<typeof runProgram>[2]) =>
  runProgram(process.execPath, ['-e', script], options);

describe('runProgram', () => {
  it('gives the exit code and what was said', async () => {
    const script =
      'process.stdin.on("data", (text) => console.log(String(text))).on("end", () => { console.error("e"); process.exit(3); })';
    expect(await node(script, { input: 'γ' })).toEqual({ status: 3, signal: null, stdout: 'γ\n', stderr: 'e\n' });
    expect(await node('process.kill(process.pid, "SIGKILL")')).toMatchObject({ status: null, signal: 'SIGKILL' });
    expect(await runProgram('echo one && exit 4', [], { shell: true })).toMatchObject({ status: 4, stdout: 'one\n' });
  });

  it('rejects where the program does not start', async () => {
    await expect(runProgram('no-such-program', [])).rejects.toThrow('ENOENT');
  });

  it('survives a program that does not read its input', async () => {
    expect(await node('process.exit(0)', { input: 'x'.repeat(2 ** 22) })).toMatchObject({ status: 0 });
  });

  it('passes the signal that aborts on, and ends once the program has', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nem-program-'));
    const [ready, ended] = [join(folder, 'ready'), join(folder, 'ended')];
    const abort = new AbortController();
    const listen = 'process.on("SIGUSR1", () => setTimeout(() => (fs.writeFileSync(ended, ""), process.exit()), 100));';
    const script = `const [, ready, ended] = process.argv; ${listen} fs.writeFileSync(ready, ""); setInterval(() => {}, 1000)`;
    const running = runProgram(process.execPath, ['-e', script, ready, ended], { abort: abort.signal });
    while (!existsSync(ready)) await sleep(5);
    const stopped = new StoppedError('SIGUSR1', 'go on.');
    abort.abort(stopped);
    await expect(running).rejects.toBe(stopped);
    expect(existsSync(ended)).toBe(true);
    rmSync(folder, { recursive: true });
    await expect(node('', { abort: abort.signal })).rejects.toBe(stopped);
  });
});

describe('tryProgram', () => {
  it('gives undefined where the program does not start, but throws what aborts', async () => {
    expect(await tryProgram('no-such-program', [])).toBeUndefined();
    expect(await tryProgram(process.execPath, ['-e', 'process.exit(2)'])).toMatchObject({ status: 2 });
    const abort = AbortSignal.abort(new StoppedError('SIGINT', 'go on.'));
    await expect(tryProgram('no-such-program', [], { abort })).rejects.toBe(abort.reason);
  });
});

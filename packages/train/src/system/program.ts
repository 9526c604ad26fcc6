import { spawn } from 'node:child_process';
import { StoppedError } from '../stopped-error.js';

/** Where an output of a program goes: into the result, to this process's standard error stream, or nowhere. */
type Output = 'collect' | 'show' | 'drop';

interface ProgramOptions {
  /** Ends the program too: with the signal of a {@link StoppedError}, else with SIGTERM. */
  readonly abort?: AbortSignal;
  /** Text for its standard input stream. Default: none */
  readonly input?: string;
  /** Default `collect`. */
  readonly stdout?: Output;
  /** Default `collect`. */
  readonly stderr?: Output;
  /** The command is a shell's command line. Default false */
  readonly shell?: boolean;
  readonly cwd?: string;
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/** How a program ended. */
interface ProgramResult {
  /** Exit code; null where a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const STREAM = { collect: 'pipe', show: 2, drop: 'ignore' } as const;

/**
 * Runs a program in a process of its own, which ends with this one.
 * @throws the reason of `abort`, once the program has ended
 * @throws Error where it does not start
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const { abort, input, stdout = 'collect', stderr = 'collect', shell = false, cwd, env } = options;
  abort?.throwIfAborted();
  const stdio = [input === undefined ? 'ignore' : 'pipe', STREAM[stdout], STREAM[stderr]] as const;
  // A shell leaves its programs behind: they are a group of their own, which is told instead.
  const detached = shell && process.platform !== 'win32';
  const child = spawn(command, args, { stdio: [...stdio], shell, cwd, env, detached });
  const tell = (signal: NodeJS.Signals) => {
    if (detached && child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal);
    else child.kill(signal);
  };
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  // A program that ends without having read its input is told by its exit code.
  child.stdin?.on('error', () => undefined).end(input);
  const end = () => tell(abort?.reason instanceof StoppedError ? abort.reason.signal : 'SIGTERM');
  const kill = () => tell('SIGKILL');
  abort?.addEventListener('abort', end);
  process.on('exit', kill);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject).on('close', (status, signal) => {
        if (abort?.aborted) reject(abort.reason);
        else resolve({ status, signal, ...said });
      });
    });
  } finally {
    abort?.removeEventListener('abort', end);
    process.off('exit', kill);
  }
}

/**
 * As {@link runProgram}, for a program that may be missing.
 * @returns undefined where it does not start
 * @throws the reason of `abort`, once the program has ended
 */
export async function tryProgram(...call: Parameters<typeof runProgram>): Promise<ProgramResult | undefined> {
  try {
    return await runProgram(...call);
  } catch {
    call[2]?.abort?.throwIfAborted();
    return undefined;
  }
}

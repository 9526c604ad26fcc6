import { spawn } from 'node:child_process';
import { RunError } from '../errors.js';
import type { RunCommand } from '../reproduction/runs.js';
import { SIGNALS } from './interruption.js';

/**
 * Runs the command in a process of its own: each starts with fresh memory, and one that dies takes no other with it. Signals
 * are passed on, so that it ends in order with this one.
 */
export const runNem: RunCommand = (args) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [process.argv[1] as string, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, forward);
    const ended = () => {
      for (const signal of SIGNALS) process.off(signal, forward);
    };
    child.on('error', (error) => {
      ended();
      reject(new RunError(`nem ${args[0]} does not start: ${error.message}`));
    });
    child.on('exit', (code) => {
      ended();
      resolve(code ?? 1);
    });
  });

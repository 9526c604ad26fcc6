// All that is to be measured on a machine with a GPU, in one command: `node tools/gpu-session.mjs --help`. It needs Node alone, and may
// stand beside the bundled command nem.mjs. Each part has a time limit; a failure is reported, and the next part follows.
import { spawn } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HELP = `node gpu-session.mjs [options]
  --out <folder>       where results are added (default: gpu-session)
  --run <folder>       the training's run folder, which is resumed if it exists (default: <out>-run)
  --parts <a,b>        of engines, verify, profile, bench, half, train, evaluate, others, in this order (default: all)
  --experiment <name>  (default: flying-shapes-3)
  --minutes <n>        of training (default: 10)
  --recipe <name>      that it trains by (default: the paper's settings)
  --from <weights>     that it starts from: a run, a file or a model of @nem/models
  --steps <n>          of which a benchmark takes the median (default: 20)
  --limit <n>          minutes of a part, in place of its own limit
  --set <key=value>    changes a field of the experiment; repeatable
  --nem <file>         the command (default: nem.mjs beside this file, else packages/train/dist/cli.js)

PyTorch, for the parts bench and others, is the first Python of NEM_TORCH_PYTHON, PYTHON and PATH that imports torch. MNIST's digits, for
others, are those of NEM_MNIST.`;

const SPEC = {
  options: {
    out: { type: 'string', default: 'gpu-session' },
    run: { type: 'string' },
    parts: { type: 'string' },
    experiment: { type: 'string', default: 'flying-shapes-3' },
    minutes: { type: 'string', default: '10' },
    recipe: { type: 'string' },
    from: { type: 'string' },
    steps: { type: 'string', default: '20' },
    limit: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    nem: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
};

/** A week: a timer of more than 24 days fires at once. */
const MOST_MINUTES = 7 * 24 * 60;

function given() {
  try {
    return parseArgs(SPEC).values;
  } catch (error) {
    return fail(`${error.message} See --help.`);
  }
}

const options = given();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}

const beside = (path) => fileURLToPath(new URL(path, import.meta.url));
const nem =
  options.nem ?? [beside('nem.mjs'), beside('../packages/train/dist/cli.js')].find((file) => existsSync(file));
if (nem === undefined) fail('there is no nem.mjs beside this file and no build: build the packages, or give --nem.');

const out = resolve(options.out);
const run = resolve(options.run ?? `${out}-run`);
const report = join(out, 'session.md');
const minutes = positive('--minutes', options.minutes);
const limit = options.limit === undefined ? undefined : positive('--limit', options.limit);

const { experiment } = options;
const set = options.set.flatMap((setting) => ['--set', setting]);
const gpu = ['--engine', 'webgpu'];
const bench = (name, ...rest) => ['bench', name, ...gpu, '--steps', options.steps, ...rest];
const begun = existsSync(join(run, 'checkpoints'));
const start = ['recipe', 'from'].flatMap((name) => (options[name] === undefined ? [] : [`--${name}`, options[name]]));
if (begun && start.length > 0) {
  fail(
    `${start[0]} is '${start[1]}', but ${run} has begun and goes on as it was: leave it out, or give another --run.`,
  );
}
const training = begun
  ? ['--resume', run, ...gpu]
  : [experiment, ...gpu, ...start, ...set, '--out', run, '--checkpoint-minutes', '1'];
const others = ['static-shapes', 'static-shapes-nem', 'flying-mnist'].filter((name) => name !== experiment);

/** By part: its limit in minutes and its commands, each with the file that its standard output goes to. */
const PARTS = {
  engines: [1, [{ args: ['engines'] }]],
  verify: [4, [{ args: ['verify', ...gpu, '--json'], file: 'verify.jsonl' }]],
  profile: [
    3,
    [
      { args: bench(experiment, '--profile', ...set, '--json'), file: 'profile.jsonl' },
      { args: bench(experiment, '--profile', ...set) },
    ],
  ],
  bench: [8, [{ args: bench(experiment, '--torch-compile', ...set, '--json'), file: 'bench.jsonl' }]],
  half: [
    4,
    [
      { args: bench(experiment, '--float16', '--no-peer', ...set, '--json'), file: 'bench.jsonl' },
      { args: bench(experiment, '--float16', '--profile', ...set) },
    ],
  ],
  train: [minutes + 3, [{ args: ['train', ...training, '--max-minutes', String(minutes), '--count', '256'] }]],
  evaluate: [4, [{ args: ['evaluate', run, '--json'], file: 'evaluation.jsonl' }]],
  others: [6, others.map((name) => ({ args: bench(name, '--json'), file: 'bench.jsonl' }))],
};

/** What is copied out of the run folder. */
const KEPT = ['checkpoints/best.safetensors', 'report/overview.png', 'metrics.jsonl'];

function fail(message) {
  console.error(message);
  process.exit(2);
}

function positive(name, text) {
  const value = Number(text);
  if (!(value > 0 && value <= MOST_MINUTES))
    fail(`${name} is '${text}': give minutes above 0, at most ${MOST_MINUTES}.`);
  return value;
}

function say(text) {
  console.log(text);
  appendFileSync(report, `${text}\n`);
}

/** What runs, and whether the session was told to stop. */
let running;
let stopped = false;
for (const name of ['SIGINT', 'SIGTERM']) {
  process.on(name, () => {
    stopped = true;
    running?.kill(name);
  });
}

/** Runs `nem` for at most so many milliseconds; shows what it says as it comes. */
async function runNem({ args, file }, milliseconds) {
  say(`\n\`nem ${args.join(' ')}\`\n\n\`\`\``);
  const began = performance.now();
  const env = { ...process.env, NO_COLOR: '1' };
  const child = spawn(process.execPath, [nem, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env, detached: true });
  running = child;
  let late = false;
  const signal = (name, target) => {
    late = true;
    if (child.exitCode === null && child.signalCode === null) process.kill(target, name);
  };
  // It ends in order, or with all that it has started.
  const timers = [
    setTimeout(() => signal('SIGTERM', child.pid), milliseconds),
    setTimeout(() => signal('SIGKILL', -child.pid), milliseconds + 15_000),
  ];
  const show = (text) => {
    process.stdout.write(text);
    appendFileSync(report, text);
  };
  child.stderr.setEncoding('utf8').on('data', show);
  child.stdout.setEncoding('utf8').on('data', file ? (text) => appendFileSync(join(out, file), text) : show);
  const [code, killed] = await new Promise((done) => {
    child.on('close', (...end) => done(end));
  });
  for (const timer of timers) clearTimeout(timer);
  const seconds = ((performance.now() - began) / 1e3).toFixed(1);
  const how = late ? 'stopped at its limit' : code === 0 ? 'done' : `failed with ${killed ?? `exit code ${code}`}`;
  say(`\`\`\`\n\n${how}, ${seconds} s${file ? `; ${file}` : ''}`);
  return code === 0 && !late;
}

function keep() {
  for (const path of KEPT) {
    if (existsSync(join(run, path))) copyFileSync(join(run, path), join(out, path.split('/').at(-1)));
  }
}

const parts = options.parts?.split(',') ?? Object.keys(PARTS);
const unknown = parts.find((part) => !Object.hasOwn(PARTS, part));
if (unknown !== undefined) fail(`--parts has '${unknown}': give some of ${Object.keys(PARTS).join(', ')}.`);
mkdirSync(out, { recursive: true });
say(`# ${experiment} on a GPU, ${new Date().toISOString()}`);
const failed = [];
for (const part of Object.keys(PARTS).filter((name) => parts.includes(name))) {
  if (stopped) break;
  const [ownLimit, commands] = PARTS[part];
  const end = performance.now() + (limit ?? ownLimit) * 60_000;
  say(`\n## ${part}`);
  if (part === 'train' && begun) {
    say(`\n${run} has begun and goes on as it was: --experiment and --set are for the benchmarks alone.`);
  }
  for (const command of commands) {
    if (stopped) break;
    // Each has what the ones before it left, and at least a moment to say why it cannot.
    if (!(await runNem(command, Math.max(end - performance.now(), 1_000)))) failed.push(part);
  }
}
keep();
const sizes = readdirSync(out).map((file) => `${file} ${(statSync(join(out, file)).size / 1e3).toFixed(1)} kB`);
say(`\n## Result\n\n${sizes.map((line) => `- ${line}`).join('\n')}`);
if (stopped) say('\nStopped by a signal.');
say(`\n${failed.length === 0 ? 'Every part is done.' : `Not done: ${[...new Set(failed)].join(', ')}.`}`);
process.exitCode = failed.length === 0 && !stopped ? 0 : 1;

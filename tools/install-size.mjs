// What `npm install` brings of our packages, `node tools/install-size.mjs`: packs them, installs each into an empty folder and
// fails where one is larger than it may be, npm warns, an install script would run, or the command lacks what it needs.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packWorkspace } from './registry/pack.mjs';
import { run } from './registry/run.mjs';

/** MB (10⁶ bytes) that an installation may have at most, by package, beside the weights of trained networks. */
const LIMITS = { datasets: 1, train: 20 };

/** MB that the weights of all trained networks may have together. */
const WEIGHTS_LIMIT = 30;

/** The packages of the workspace as tarballs, by their names. */
async function pack(folder) {
  const tarballs = await packWorkspace(folder);
  return Object.fromEntries(tarballs.map(({ name, filename }) => [name, `file:${filename}`]));
}

/** What the command does, or says, where only what it brings along is installed: arguments, and text that it prints. */
const COMMANDS = [
  [['list'], 'static-shapes'],
  [['engines'], 'npm install webgpu'],
  [['data', 'preview', 'flying-mnist', '--count', '1'], 'samples.png'],
  [['data', 'export', 'static-shapes', '--out', 'shapes.h5'], 'need the npm package h5wasm: run npm install h5wasm.'],
  [['verify', '--engine', 'cpu'], 'run npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-cpu.'],
  [['train', 'static-shapes', '--engine', 'webgpu', '--out', 'gpu'], 'run npm install webgpu.'],
  [
    ['train', 'static-shapes', '--max-minutes', '0.01', '--count', '4', '--set', 'validationInputs=4', '--out', 'run'],
    'report in run/report/index.md',
  ],
];

/** The commands that do not print what they are to. */
function broken(folder) {
  const nem = join(folder, 'node_modules/@nem/train/dist/cli.js');
  return COMMANDS.flatMap(([args, text]) => {
    const { stdout, stderr } = spawnSync(process.execPath, [nem, ...args], { cwd: folder, encoding: 'utf8' });
    return `${stdout}${stderr}`.includes(text) ? [] : [`nem ${args.join(' ')} prints:\n${stdout}${stderr}`];
  });
}

function bytesOf(path) {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

/** Names of the installed packages that ask for a script at install time. */
function withScripts(folder) {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  return Object.entries(lock.packages).flatMap(([name, { hasInstallScript }]) => (hasInstallScript ? [name] : []));
}

/** Installs a package of ours alone, the others from their tarballs too. */
async function install(name, tarballs, folder) {
  mkdirSync(folder);
  const manifest = {
    name: 'empty',
    private: true,
    dependencies: { [name]: tarballs[name] },
    overrides: { ...tarballs },
  };
  delete manifest.overrides[name];
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const { stderr } = await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder });
  const modules = join(folder, 'node_modules');
  const largest = readdirSync(modules)
    .filter((entry) => !entry.startsWith('.'))
    .flatMap((entry) =>
      entry.startsWith('@') ? readdirSync(join(modules, entry)).map((inner) => join(entry, inner)) : [entry],
    )
    .map((entry) => ({ entry, megabytes: bytesOf(join(modules, entry)) / 1e6 }))
    .sort((a, b) => b.megabytes - a.megabytes);
  const weightsFolder = join(modules, '@nem/models/weights');
  const weights = existsSync(weightsFolder) ? bytesOf(weightsFolder) / 1e6 : 0;
  const megabytes = bytesOf(modules) / 1e6 - weights;
  return { megabytes, weights, largest, warnings: stderr.trim(), scripts: withScripts(folder) };
}

const folder = mkdtempSync(join(tmpdir(), 'nem-install-'));
try {
  const tarballs = await pack(folder);
  for (const [name, limit] of Object.entries(LIMITS)) {
    const found = await install(`@nem/${name}`, tarballs, join(folder, name));
    const { megabytes, weights, largest, warnings, scripts } = found;
    console.log(`@nem/${name}: ${megabytes.toFixed(1)} MB of at most ${limit}`);
    if (weights > 0) console.log(`  and weights: ${weights.toFixed(1)} MB of at most ${WEIGHTS_LIMIT}`);
    for (const one of largest.slice(0, 12)) console.log(`  ${one.megabytes.toFixed(2).padStart(7)}  ${one.entry}`);
    const faults = [
      megabytes > limit && `it is larger than ${limit} MB`,
      weights > WEIGHTS_LIMIT && `the trained networks are larger than ${WEIGHTS_LIMIT} MB`,
      warnings !== '' && `npm warns: ${warnings}`,
      ...(name === 'train' ? broken(join(folder, name)) : []),
      scripts.length > 0 && `install scripts run: ${scripts.join(', ')}`,
    ].filter(Boolean);
    for (const fault of faults) console.log(`@nem/${name}: ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

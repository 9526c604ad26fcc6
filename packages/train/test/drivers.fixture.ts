import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Ended, node } from './nem.fixture.js';

const SWIFTSHADER = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
];
const LAVAPIPE = ['lvp_icd.json', 'lvp_icd.x86_64.json', 'lvp_icd.aarch64.json'].map(
  (file) => `/usr/share/vulkan/icd.d/${file}`,
);
const HALF_PRECISION = fileURLToPath(new URL('./half-precision.fixture.mjs', import.meta.url));

/** Milliseconds for a program on a software GPU, which takes half a second to compile each kernel. */
const TIMEOUT = 280_000;

/** Runs Node in `folder` on a driver. */
export function runOnDriver(folder: string, args: readonly string[], used: string | undefined = driver): Ended {
  const { XDG_RUNTIME_DIR = folder } = process.env;
  // Without the folders of packages that a package manager's shell names.
  const env = { XDG_RUNTIME_DIR, VK_ICD_FILENAMES: used, NO_COLOR: '1', NODE_PATH: '' };
  return node(folder, args, env, TIMEOUT);
}

/** Whether Dawn takes a driver and its device has half precision: asked in a process of its own, as drivers are chosen once. */
const hasHalfPrecision = (icd: string): boolean =>
  runOnDriver(tmpdir(), [HALF_PRECISION], icd).stdout.trim() === 'true';

/** Chromium's software driver, which has no half precision; undefined where there is none. */
export const swiftshader = SWIFTSHADER.find((path) => existsSync(path));

/** Mesa's software driver; undefined where there is none, or it is too old for Dawn or for half precision. */
export const lavapipe = LAVAPIPE.find((path) => existsSync(path) && hasHalfPrecision(path));

/**
 * The Vulkan driver that tests use: the one that is named, or Mesa's, which compiles a kernel once for all tests, or Chromium's;
 * undefined where there is none.
 */
export const driver = process.env.VK_ICD_FILENAMES ?? lavapipe ?? swiftshader;

/** Settings that make static-shapes small enough for a software GPU: 8 updates an epoch. */
export const TINY = [
  'dataset.training=64',
  'dataset.validation=16',
  'dataset.test=16',
  'batchSize=8',
  'steps=3',
].flatMap((setting) => ['--set', setting]);

/** An experiment of few kernels, each of which a software GPU compiles for half a second, of size {@link TINY}. */
export const TINY_NEM = ['static-shapes-nem', '--set', 'network.size=16', ...TINY];

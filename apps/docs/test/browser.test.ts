import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { browserPath } from '../../../tools/chromium.mjs';
import { BASE, Complaints, firstView, launch, PHONE, SOFTWARE_GPU, serve } from './site.fixture.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** A page of each kind. */
const KINDS = [
  'index.html',
  'train.html',
  'your-image.html',
  'method.html',
  'guide/install.html',
  'api/metrics.html',
  'results/index.html',
  'changelog.html',
];

/** Which of axe-core's rules are tried in each scheme of colours; all where none are named. The schemes differ by colours alone. */
const SCHEMES: readonly ['light' | 'dark', (readonly string[])?][] = [
  ['light'],
  ['dark', ['color-contrast', 'link-in-text-block']],
];

const data = (figure: Locator, name: string) =>
  figure.getAttribute(`data-${name}`).then((value) => Number(value ?? Number.NaN));

/** What a figure shows as its image. */
const picture = (figure: Locator) =>
  figure
    .locator('.panel canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());

const SLOW = { timeout: 30_000 };
const DESK = { width: 1280, height: 800 };

/** What axe-core, which is loaded already, finds on a page by some of its rules. Default: all of them */
async function seriousFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  const options = JSON.stringify({ resultTypes: ['violations'], runOnly: rules });
  const { violations } = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  }>(`axe.run(${options})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

/** A clip of two seconds in which a square moves, as a page records it. */
async function recorded(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 112;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: 'video/webm;codecs=vp8' });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data: part }) => parts.push(part);
    const stopped = new Promise((resolve) => {
      recorder.onstop = resolve;
    });
    recorder.start();
    const began = performance.now();
    for (let now = 0; now < 2000; now = performance.now() - began) {
      context.fillStyle = '#eee';
      context.fillRect(0, 0, 112, 112);
      context.lineWidth = 8;
      context.strokeRect(8 + now / 40, 30, 32, 32);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    recorder.stop();
    await stopped;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  return Buffer.from(bytes);
}

describe.skipIf(!browserPath)('the site in Chromium (needs chromium)', () => {
  let server: Server;
  let origin: string;
  let browser: Browser;

  beforeAll(async () => {
    ({ server, origin } = await serve());
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /** Opens a page, uses it, and expects no complaint. */
  async function visit(
    path: string,
    use: (page: Page) => Promise<void>,
    options: Parameters<Browser['newContext']>[0] = {},
  ) {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    const complaints = new Complaints(page, origin);
    await page.goto(`${origin}${BASE}${path}`);
    await use(page);
    expect(complaints.list).toEqual([]);
    await context.close();
  }

  /** Waits until all steps of a figure are there. */
  async function toTheEnd(figure: Locator) {
    const next = figure.getByRole('button', { name: /^Step: / });
    for (let i = 0; i < 60 && (await next.isEnabled()); i++) await next.click();
  }

  it('groups a sample: its AMI rises above 0.6, by the keyboard alone', async () => {
    await visit('index.html', async (page) => {
      const figure = page.locator('.explorer').first();
      const next = figure.getByRole('button', { name: /^Step: / });
      await figure.getByText('ms a step').waitFor();
      expect(await data(figure, 'position')).toBe(0);
      expect(await figure.getAttribute('data-compute')).toBe('wasm');
      await next.focus();
      await page.keyboard.press('Enter');
      expect(await next.textContent()).toBe('Step: E-step');
      expect(await figure.locator('.saying').textContent()).toContain('After the M-step of step 1');
      for (let i = 1; i < 40; i++) await page.keyboard.press('Enter');
      expect(await data(figure, 'position')).toBe(40);
      expect(await data(figure, 'score')).toBeGreaterThan(0.6);
      // Back again: the same pictures.
      const back = figure.getByRole('button', { name: 'Step back' });
      await back.focus();
      for (let i = 0; i < 40; i++) await page.keyboard.press(' ');
      expect(await data(figure, 'position')).toBe(0);
      expect(await figure.locator('.saying').textContent()).toContain('Before the first step');
    });
  });

  it('groups what is drawn, by pointer and by keyboard', async () => {
    await visit('index.html', async (page) => {
      const figure = page.locator('.explorer').first();
      await figure.getByText('ms a step').waitFor();
      await figure.getByRole('button', { name: 'Empty image' }).click();
      const surface = figure.getByRole('application');
      const { x, y, width } = (await surface.boundingBox()) ?? { x: 0, y: 0, width: 0 };
      const at = (row: number, column: number) =>
        page.mouse.click(x + (width * (column + 0.5)) / 28, y + (width * (row + 0.5)) / 28);
      await at(6, 6);
      await figure.getByText('triangle up').click();
      await at(22, 20);
      // A third one: six pixels up and eight to the right of the middle.
      await surface.focus();
      for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowUp');
      for (let i = 0; i < 7; i++) await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await expect.poll(() => data(figure, 'position')).toBe(40);
      expect(await data(figure, 'score')).toBeGreaterThan(0.6);
      // Another network, which was trained with another number of objects than was chosen, groups the same drawing.
      await figure.getByRole('button', { name: 'Another sample' }).click();
      await figure.getByRole('slider', { name: 'Objects' }).press('End');
      await figure.getByRole('button', { name: 'Empty image' }).click();
      const empty = await picture(figure);
      await surface.press('Enter');
      const drawn = await picture(figure);
      expect(drawn).not.toBe(empty);
      await figure.getByRole('combobox', { name: 'Network' }).selectOption('static-shapes-nem');
      await expect.poll(() => figure.getAttribute('data-model')).toBe('static-shapes-nem');
      expect(await picture(figure)).toBe(drawn);
    });
  });

  it('plays, pauses, and takes every control by keyboard', async () => {
    await visit('index.html', async (page) => {
      const figure = page.locator('.explorer').first();
      await figure.getByText('ms a step').waitFor();
      await figure.getByRole('slider', { name: 'Steps a second' }).focus();
      await page.keyboard.press('End');
      const play = figure.getByRole('button', { name: 'Play' });
      await play.focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => data(figure, 'position')).toBe(40);
      await figure.getByRole('button', { name: 'Start', exact: true }).click();
      expect(await data(figure, 'position')).toBe(0);
      await figure.getByRole('slider', { name: 'Components K' }).focus();
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => figure.locator('.component').count()).toBe(5);
      for (const label of ['Objects', 'Noise', 'Seed']) {
        const before = await figure.getByRole('slider', { name: label }).inputValue();
        await figure.getByRole('slider', { name: label }).focus();
        await page.keyboard.press('ArrowRight');
        expect(await figure.getByRole('slider', { name: label }).inputValue()).not.toBe(before);
      }
      const before = await picture(figure);
      await figure.getByRole('button', { name: 'Another sample' }).press('Enter');
      await expect.poll(() => picture(figure)).not.toBe(before);
      await figure.getByRole('combobox', { name: 'Network' }).selectOption('static-shapes-nem');
      await figure.getByRole('combobox', { name: 'Computes on' }).selectOption('plain');
      await expect.poll(() => figure.getAttribute('data-compute'), SLOW).toBe('plain');
      await figure.getByText('in plain TypeScript, by @nem/core').waitFor();
      await toTheEnd(figure);
      await expect.poll(() => data(figure, 'score')).toBeGreaterThan(0.2);
    });
  });

  it('runs a network of flying shapes, with convolutions, in WebAssembly', async () => {
    await visit('index.html', async (page) => {
      const figure = page.locator('.explorer').nth(1);
      await figure.scrollIntoViewIfNeeded();
      await expect.poll(() => data(figure, 'steps'), { timeout: 60_000 }).toBe(60);
      expect(await figure.getAttribute('data-model')).toBe('flying-shapes-3');
      expect(await figure.getAttribute('data-compute')).toBe('wasm');
      await figure.getByText('in WebAssembly, by @nem/kernels').waitFor();
    });
  });

  it.each([
    ['weights', '**/*.safetensors', 'could not be loaded'],
    ['the worker', '**/em.worker*', 'The network could not run: '],
  ])('stops playing where %s did not come, and tries again when it is played', async (_, file, message) => {
    const page = await browser.newPage({ reducedMotion: 'no-preference' });
    await page.route(file, (route) => route.abort());
    await page.goto(`${origin}${BASE}`);
    const figure = page.locator('.explorer').first();
    await figure.getByText(message).waitFor();
    const play = figure.getByRole('button', { name: 'Play' });
    await play.waitFor({ timeout: 5000 });
    await page.unroute(file);
    await play.click();
    await figure.getByText('ms a step').waitFor();
    await expect.poll(() => data(figure, 'position'), SLOW).toBeGreaterThan(2);
    await page.close();
  });

  it('computes on a graphics processor where it is chosen', async () => {
    const other = await launch(SOFTWARE_GPU);
    try {
      const page = await other.newPage();
      await page.goto(`${origin}${BASE}`);
      const figure = page.locator('.explorer').first();
      await figure.getByText('ms a step').waitFor();
      await figure.getByRole('combobox', { name: 'Computes on' }).selectOption('webgpu');
      await expect.poll(() => figure.getAttribute('data-compute'), { timeout: 60_000 }).toBe('webgpu');
      await figure.getByText('on the graphics processor, by @nem/webgpu').waitFor();
      await expect.poll(() => data(figure, 'steps'), { timeout: 60_000 }).toBe(20);
      await toTheEnd(figure);
      expect(await data(figure, 'score')).toBeGreaterThan(0.6);
    } finally {
      await other.close();
    }
  });

  it('trains: the loss falls, and a reload goes on where it was', async () => {
    await visit('train.html', async (page) => {
      const figure = page.locator('.train');
      await figure.getByText('Nothing is trained yet').waitFor();
      await figure.getByRole('slider', { name: 'Seed' }).press('ArrowRight');
      await figure.getByRole('slider', { name: 'Learning rate' }).press('ArrowRight');
      const wrong = { name: 'wrong.safetensors', mimeType: '', buffer: Buffer.alloc(20) };
      await figure.getByLabel('Load weights').setInputFiles(wrong);
      await figure.getByText('The file could not be loaded').waitFor();
      await figure.getByText('Nothing is trained yet').waitFor();
      await figure.getByRole('button', { name: 'Train' }).press('Enter');
      await expect.poll(() => data(figure, 'updates'), { timeout: 150_000 }).toBeGreaterThanOrEqual(31);
      const first = Number(await figure.getAttribute('data-first-loss'));
      expect(await data(figure, 'loss')).toBeLessThan(first);
      await figure.getByRole('button', { name: 'Pause' }).click();
      await figure.getByText('Paused after').waitFor();
      const updates = await data(figure, 'updates');
      const saved = page.waitForEvent('download');
      await figure.getByRole('button', { name: 'Download weights' }).click();
      const file = await (await saved).path();
      await page.reload();
      await figure.getByText(`Paused after ${updates} updates`).waitFor();
      await expect.poll(() => figure.locator('.pair').count()).toBe(4);
      expect(await figure.getByRole('slider', { name: 'Seed' }).inputValue()).toBe('1');
      expect(await figure.getByRole('slider', { name: 'Learning rate' }).inputValue()).toBe('3.5');
      await figure.getByRole('button', { name: 'Go on' }).click();
      await expect.poll(() => data(figure, 'updates'), { timeout: 150_000 }).toBeGreaterThan(updates);
      await figure.getByRole('button', { name: 'Pause' }).click();
      await figure.getByText('Paused after').waitFor();
      await figure.getByRole('button', { name: 'Start over' }).click();
      await figure.getByText('Nothing is trained yet').waitFor();
      await figure.getByRole('combobox', { name: 'Network' }).selectOption('n-em');
      await figure.getByLabel('Load weights').setInputFiles(file);
      await figure.getByText('Paused after 0 updates, and kept').waitFor();
      expect(await figure.getByRole('combobox', { name: 'Network' }).inputValue()).toBe('rnn-em');
    });
  });

  it('sends the figure of a training with its page, so that the text below does not move when it starts', () => {
    expect(readFileSync(new URL('../dist/train.html', import.meta.url), 'utf8')).toContain(
      '<figure class="explorer train',
    );
  });

  it('groups an image that is dropped, and says what it cannot read', async () => {
    await visit('your-image.html', async (page) => {
      await page.locator('.drop').waitFor();
      const drop = (name: string, type: string, draw: boolean) =>
        page.evaluate(
          async ([file, mime, drawn]) => {
            const canvas = new OffscreenCanvas(280, 280);
            const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
            context.fillStyle = '#eee';
            context.fillRect(0, 0, 280, 280);
            context.lineWidth = 20;
            context.strokeRect(30, 30, 50, 50);
            context.strokeRect(180, 160, 50, 50);
            const blob = drawn ? await canvas.convertToBlob() : new Blob(['no picture']);
            const transfer = new DataTransfer();
            transfer.items.add(new File([blob], file as string, { type: mime as string }));
            document
              .querySelector('.drop')
              ?.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
          },
          [name, type, draw] as const,
        );
      await drop('notes.gif', 'image/gif', false);
      await page.getByText('This file is no picture').waitFor();
      await drop('two.png', 'image/png', true);
      const figure = page.locator('figure.explorer');
      await figure.getByText('ms a step').waitFor();
      expect(await page.getByLabel('dark shapes').isChecked()).toBe(true);
      await toTheEnd(figure);
      // Two components own one shape each: their pictures of γ differ, and nobody owns all.
      const shares = await figure.locator('.component .caption').allTextContents();
      const parts = shares.map((text) => Number(/(\d+)\s%/.exec(text)?.[1])).sort((a, b) => b - a);
      expect((parts[0] ?? 0) + (parts[1] ?? 0)).toBeGreaterThan(50);
      expect(parts[0]).toBeLessThan(70);
    });
  });

  it.each([
    ['a GIF', '6 frames'],
    ['a video', '21 frames'],
  ])('groups %s as a sequence', async (kind, frames) => {
    await visit('your-image.html', async (page) => {
      const input = page.locator('.drop input[type=file]');
      await input.waitFor({ state: 'attached' });
      const gif = readFileSync(new URL('./moving.gif', import.meta.url));
      const file =
        kind === 'a GIF'
          ? { name: 'moving.gif', mimeType: 'image/gif', buffer: gif }
          : { name: 'clip.webm', mimeType: 'video/webm', buffer: await recorded(page) };
      await input.setInputFiles(file);
      await page.getByText(`${file.name}: ${frames} of 28 × 28 pixels`).waitFor();
      expect(await page.getByLabel('dark shapes').isChecked()).toBe(true);
      const figure = page.locator('figure.explorer');
      await expect.poll(() => data(figure, 'steps'), SLOW).toBe(Number.parseInt(frames, 10) - 1);
      const shown = () => figure.locator('.panel canvas').first();
      const lit = () =>
        shown().evaluate((canvas: HTMLCanvasElement) => {
          const copy = new OffscreenCanvas(28, 28).getContext('2d', { willReadFrequently: true });
          copy?.drawImage(canvas, 0, 0);
          const { data: bytes } = copy?.getImageData(0, 0, 28, 28) ?? { data: [] };
          return [...bytes].filter((byte, i) => i % 4 === 0 && byte > 128).length;
        });
      // What is seen are the outlines, in another place in the last frame.
      const first = await picture(figure);
      expect(await lit()).toBeGreaterThan(20);
      expect(await lit()).toBeLessThan(300);
      await toTheEnd(figure);
      expect(await lit()).toBeGreaterThan(20);
      expect(await picture(figure)).not.toBe(first);
      // A network of sequences comes first; one with another number of objects groups the same clip.
      expect(await figure.getAttribute('data-model')).toBe('flying-shapes-3');
      await figure.getByRole('combobox', { name: 'Network' }).selectOption('flying-shapes-5');
      await expect.poll(() => figure.locator('.component').count(), SLOW).toBe(5);
      expect(await figure.getAttribute('data-model')).toBe('flying-shapes-5');
      await expect.poll(() => data(figure, 'steps'), SLOW).toBe(Number.parseInt(frames, 10) - 1);
      expect(await picture(figure)).toBe(first);
    });
  });

  it('finds a page without a server', async () => {
    await visit('guide/install.html', async (page) => {
      // The key is heard once the page runs.
      const opened = async () => {
        await page.keyboard.press('Control+k');
        await page.getByRole('searchbox').waitFor({ timeout: 2000 });
      };
      await vi.waitFor(opened, { timeout: 20_000 });
      await page.getByRole('searchbox').fill('adjusted mutual information');
      await page.locator('.result').first().waitFor();
      expect(await page.locator('.result').count()).toBeGreaterThan(1);
    });
  });

  it('sends less than 300 kB, compressed, before the weights', async () => {
    const context = await browser.newContext();
    const { bytes } = await firstView(await context.newPage(), origin);
    await context.close();
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(300_000);
  });

  it('has no serious finding of axe-core on any kind of page, on a desk and on a phone, light and dark', async () => {
    const isDark = (expected: boolean) => document.documentElement.classList.contains('dark') === expected;
    for (const path of KINDS) {
      await visit(
        path,
        async (page) => {
          await page.addScriptTag({ path: AXE });
          for (const size of [PHONE.viewport, DESK]) {
            await page.setViewportSize(size as { width: number; height: number });
            for (const [colorScheme, rules] of SCHEMES) {
              await page.emulateMedia({ colorScheme });
              await page.waitForFunction(isDark, colorScheme === 'dark', { timeout: 10_000 });
              expect(await seriousFindings(page, rules), `${path}, ${size?.width}, ${colorScheme}`).toEqual([]);
            }
            // A page is shown without scrolling sideways.
            const overflow = await page.evaluate(
              () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            expect(overflow, `${path}, ${size?.width}`).toBeLessThanOrEqual(0);
          }
        },
        PHONE,
      );
    }
  });
});

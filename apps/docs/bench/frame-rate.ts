// Frame rates and sizes of the built site in Chromium: pnpm turbo run bench --filter=docs --only
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BASE, DIST, firstView, launch, serve } from '../test/site.fixture.js';

let server: Server;
let origin: string;
let browser: Browser;
const rows: string[] = [];

beforeAll(async () => {
  ({ server, origin } = await serve());
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  const { model = 'unknown' } = cpus()[0] ?? {};
  const machine = `${availableParallelism()} cores ${model}, load ${loadavg()[0]?.toFixed(1)}`;
  console.log([`Chromium ${browser.version()}, headless; ${machine}`, ...rows].join('\n'));
});

async function figureOf(page: Page, path: string, index: number): Promise<Locator> {
  await page.goto(`${origin}${BASE}${path}`);
  const figure = page.locator('.explorer').nth(index);
  await figure.scrollIntoViewIfNeeded();
  await figure.getByText('ms a step').waitFor();
  return figure;
}

/** Sets a slider by the keyboard. */
async function slide(page: Page, figure: Locator, name: string, value: number) {
  const slider = figure.getByRole('slider', { name });
  await slider.focus();
  await page.keyboard.press('Home');
  for (let i = Number(await slider.inputValue()); i < value; i++) await page.keyboard.press('ArrowRight');
}

/**
 * Plays a figure to its end at 60 steps a second: frames that the browser has drawn and steps that were shown, a second.
 * @param by `Play` shows steps that are computed already, `Another sample` computes them meanwhile
 */
async function play(figure: Locator, times: number, by: 'Play' | 'Another sample' = 'Play') {
  await figure.getByRole('slider', { name: 'Steps a second' }).press('End');
  return figure.evaluate(playIn, { plays: times, by });
}

/** The same in the page. */
async function playIn(element: Element, { plays, by }: { plays: number; by: string }) {
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const position = () => Number((element as HTMLElement).dataset.position);
  const button = element.querySelector('button.primary') as HTMLButtonElement;
  // A figure that plays by itself ends first.
  while (button.textContent === 'Pause') await frame();
  const starter = [...element.querySelectorAll('button')].find(({ textContent }) => textContent?.trim() === by);
  if (!starter) throw new Error(`The figure has no button '${by}'.`);
  let [frames, shown, milliseconds] = [0, 0, 0];
  for (let i = 0; i < plays; i++) {
    starter.click();
    let before = await frame();
    let at = position();
    while (button.textContent === 'Pause') {
      const now = await frame();
      milliseconds += now - before;
      before = now;
      frames++;
      if (position() !== at) shown++;
      at = position();
    }
  }
  return { frames: (1000 * frames) / milliseconds, shown: (1000 * shown) / milliseconds };
}

const said = async (figure: Locator) => (await figure.locator('.engine').textContent())?.trim() ?? '';
const stepOf = (text: string) => Number(/([\d.]+) ms a step/.exec(text)?.[1]);

function note(what: string, text: string, rate: { frames: number; shown: number }) {
  const step = stepOf(text);
  rows.push(
    `${what}: ${step} ms a step (${(1000 / step).toFixed(0)} steps/s), ${rate.frames.toFixed(0)} frames/s drawn, ${rate.shown.toFixed(0)} steps/s shown`,
  );
}

it('static shapes, K = 4', { timeout: 120_000 }, async () => {
  const page = await browser.newPage();
  const figure = await figureOf(page, 'index.html', 0);
  await figure.locator('button.step:disabled, button.step').waitFor();
  note('static-shapes, K = 4, WebAssembly', await said(figure), await play(figure, 6));
  const fresh = await play(figure, 6, 'Another sample');
  note('static-shapes, K = 4, WebAssembly, computed meanwhile', await said(figure), fresh);
  await figure.getByRole('combobox', { name: 'Computes on' }).selectOption('plain');
  await expect.poll(() => said(figure)).toContain('TypeScript');
  // The older steps, and their time, stand until the new ones are there.
  const plain = await play(figure, 6, 'Another sample');
  note('static-shapes, K = 4, TypeScript, computed meanwhile', await said(figure), plain);
  await page.close();
});

it.each([3, 5])('flying shapes, K = %i', { timeout: 240_000 }, async (components) => {
  const page = await browser.newPage();
  const figure = await figureOf(page, 'index.html', 1);
  await figure.getByRole('combobox', { name: 'Network' }).selectOption('flying-shapes-3');
  await slide(page, figure, 'Components K', components);
  await expect.poll(() => figure.locator('.component').count(), { timeout: 60_000 }).toBe(components);
  const button = figure.locator('button.primary');
  if ((await button.textContent()) === 'Pause') await button.click();
  // All steps are there.
  await figure
    .getByRole('button', { name: 'Start', exact: true })
    .click({ timeout: 1000 })
    .catch(() => undefined);
  await expect.poll(() => figure.getAttribute('data-steps'), { timeout: 120_000 }).toBe('60');
  await figure.getByText('ms a step').waitFor();
  const what = `flying shapes (3.4 million parameters), K = ${components}, WebAssembly`;
  note(what, await said(figure), await play(figure, 3));
  const fresh = await play(figure, 3, 'Another sample');
  note(`${what}, computed meanwhile`, await said(figure), fresh);
  await page.close();
});

it('sizes', async () => {
  const page = await browser.newPage();
  const { bytes, requests } = await firstView(page, origin);
  await page.close();
  const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).map((file) => join(DIST, file));
  const whole = files.reduce((sum, file) => sum + (statSync(file).isFile() ? statSync(file).size : 0), 0);
  const weights = readdirSync(join(DIST, 'models')).map(
    (file) => `${file} ${(readFileSync(join(DIST, 'models', file)).length / 1e6).toFixed(2)} MB`,
  );
  rows.push(
    `first view: ${(bytes / 1000).toFixed(0)} kB gzipped in ${requests} requests, before the weights (${weights.join(', ')})`,
  );
  rows.push(`the whole site: ${(whole / 1e6).toFixed(1)} MB in ${files.length} files and folders`);
});

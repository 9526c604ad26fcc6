import { chromium } from 'playwright-core';

const base = process.env.DEV ? 'http://localhost:5199/nem/' : (await import('/work/tmp/runs-g/serve.mjs')).url;
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
const ctx = await browser.newContext({ viewport: { width: 1280, height: 900 } });
const p = await ctx.newPage();
p.on('console', (c) => c.type() !== 'debug' && console.log(c.type(), c.text().slice(0, 300)));
p.on('pageerror', (e) => console.log('ERR', e.message));
p.on('requestfailed', (r) => console.log('FAILED', r.url()));
p.on('response', (r) => r.status() >= 400 && console.log(r.status(), r.url()));
await p.goto(base + 'train.html');
await p.getByRole('button', { name: 'Train', exact: true }).click();
for (let i = 0; i < Number(process.argv[2] ?? 6); i++) {
  await p.waitForTimeout(10000);
  console.log(
    await p.locator('.train').evaluate((e) => JSON.stringify(e.dataset)),
    await p.locator('.saying').textContent(),
  );
}
await p.screenshot({ path: '/work/tmp/runs-g/train-run.png', fullPage: true });
await p.goto(base + 'your-image.html');
await p.setInputFiles('input[type=file]', '/work/tmp/runs-g/own.png');
await p.waitForTimeout(8000);
await p.screenshot({ path: '/work/tmp/runs-g/own-run.png', fullPage: true });
await browser.close();
process.exit(0);

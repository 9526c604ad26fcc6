import { chromium } from 'playwright-core';
import { url, server } from '/work/tmp/runs-g/serve.mjs';
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-dev-shm-usage','--disable-background-networking'] });
const [page='', name='index', wait='6000', full='1', modes='dl,dd,pl,pd'] = process.argv.slice(2);
for (const m of modes.split(',')) {
  const ctx = await browser.newContext({ viewport: m[0]==='d' ? {width:1280,height:900} : {width:390,height:844}, deviceScaleFactor: m[0]==='d'?1:2, colorScheme: m[1]==='l'?'light':'dark' });
  const p = await ctx.newPage(); p.on('console', c => console.log(m, c.type(), c.text())); p.on('pageerror', e => console.log(m, 'ERR', e.message, e.stack?.slice(0,400)));
  await p.goto(url+page); await p.waitForTimeout(Number(wait));
  await p.screenshot({ path: `/work/tmp/runs-g/${name}-${m}.png`, fullPage: full==='1' }); await ctx.close();
}
await browser.close(); server.close();

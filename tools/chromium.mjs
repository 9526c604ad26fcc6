import { existsSync } from 'node:fs';

/** Where Chromium is for the tests that need it: the variable CHROMIUM, or Debian's place. Undefined where it is not there. */
export const browserPath = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path));

/** What `chromium.launch` of Playwright is given: it downloads no browser, and needs no GPU. */
export const launchOptions = {
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
};

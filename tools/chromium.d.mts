/** Where Chromium is for the tests that need it; undefined where it is not there. */
export declare const browserPath: string | undefined;

/** What `chromium.launch` of Playwright is given. */
export declare const launchOptions: { readonly executablePath: string | undefined; readonly args: string[] };

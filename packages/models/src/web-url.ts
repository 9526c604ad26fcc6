/**
 * A `URL` as the user's own types have it, those of the DOM or of Node. A program that has neither may still be checked against
 * ours: there it is what we use of one.
 */
export type WebUrl = typeof globalThis extends { URL: { prototype: infer Url } }
  ? Url
  : { readonly href: string; readonly protocol: string };

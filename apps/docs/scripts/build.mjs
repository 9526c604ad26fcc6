// Builds the site into `dist`: pages from the repository, the API reference, VitePress, the sources that pages link to.
// NEM_DOCS_BASE is the path that it will be published under, with a slash at both ends (default /nem/).
import { fileURLToPath } from 'node:url';
import { build } from 'vitepress';
import './generate.mjs';
import './api.mjs';
import { writeSources } from './sources.mjs';

const base = process.env.NEM_DOCS_BASE ?? '/nem/';
await build(fileURLToPath(new URL('..', import.meta.url)));
writeSources(fileURLToPath(new URL('../dist', import.meta.url)), base);

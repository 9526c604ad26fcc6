// Makes a page of every source file that the site links to: plain HTML, each line under its number.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './repository.mjs';

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const STYLE = `:root{color-scheme:light dark}body{font:0.85rem/1.6 ui-monospace,monospace;margin:1rem;tab-size:2}
h1{font-size:1rem}ol{padding-left:4em;margin:0}li{white-space:pre-wrap;overflow-wrap:anywhere;min-height:1.6em}
li::marker{color:light-dark(#5f6570,#9aa1ad)}li:target{background:light-dark(#fff2b8,#4a4000)}a{color:light-dark(#00508a,#7cc4ff)}`;

const document = (file, base) => {
  const lines = readFileSync(join(root, file), 'utf8').replace(/\n$/, '').split('\n');
  const items = lines.map((line, i) => `<li id="L${i + 1}">${escaped(line)}</li>`).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(file)} · @nem</title><link rel="icon" href="${base}icon.svg"><style>${STYLE}</style></head>
<body><main><p><a href="${base}index.html">@nem</a></p><h1>${escaped(file)}</h1><ol>${items}</ol></main></body></html>
`;
};

function* pages(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* pages(path);
    else if (path.endsWith('.html')) yield path;
  }
}

/**
 * Writes the source pages that any page in `folder` links to.
 * @param base of the site's paths
 */
export function writeSources(folder, base) {
  const files = new Set();
  for (const page of pages(folder)) {
    for (const [, file] of readFileSync(page, 'utf8').matchAll(/href="[^"]*\/source\/([^"#]+)\.html/g)) files.add(file);
  }
  for (const file of files) {
    if (!statSync(join(root, file), { throwIfNoEntry: false })?.isFile())
      throw new Error(`a page links to ${file}, which is not there.`);
    const target = join(folder, 'source', `${file}.html`);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, document(file, base));
  }
  console.log(`${files.size} source pages`);
}

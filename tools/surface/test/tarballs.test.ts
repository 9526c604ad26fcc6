import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Manifest, readJson, type Unpacked, unpackAll } from '../src/unpacked.js';

let folder: string;
let packages: readonly Unpacked[];

beforeAll(async () => {
  ({ folder, packages } = await unpackAll());
  console.log(packages.map(({ name, files }) => `${name}: ${files.length} files`).join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const root = readJson<Manifest>(fileURLToPath(new URL('../../../package.json', import.meta.url)));
const home = root.homepage.replace(/#.*/, '');

/** Texts of a package's files, by their extension. */
const textsOf = ({ folder: at, files }: Unpacked, extension: RegExp) =>
  files.filter((file) => extension.test(file)).map((file) => [file, readFileSync(join(at, file), 'utf8')] as const);

it('publint has nothing to say, in its strict mode', async () => {
  for (const { name, folder: pkgDir, manifest } of packages) {
    const { messages } = await publint({ pkgDir, strict: true, pack: false });
    expect(messages.map((message) => `${name}: ${formatMessage(message, manifest as never)}`)).toEqual([]);
  }
});

it('the types are right for every kind of resolution', async () => {
  for (const { name, filename } of packages) {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(filename)));
    const problems = result.types ? result.problems : [];
    expect(problems.map((problem) => `${name}: ${JSON.stringify(problem)}`)).toEqual([]);
  }
});

it('a manifest says where the package comes from, as the root does', () => {
  for (const { name, manifest } of packages) {
    const directory = `packages/${name.replace('@nem/', '')}`;
    expect(manifest).toMatchObject({
      homepage: `${home}/tree/main/${directory}#readme`,
      bugs: root.bugs,
      repository: { ...root.repository, directory },
    });
    expect(manifest.keywords.length).toBeGreaterThan(3);
    expect(manifest.description.length).toBeGreaterThan(20);
  }
});

it('no file names a source map that is not shipped', () => {
  for (const one of packages) {
    for (const [file, text] of textsOf(one, /\.(c|m)?js$/)) {
      const [, map] = /^\/\/# sourceMappingURL=(?!data:)(.+)$/m.exec(text) ?? [];
      expect(map === undefined || one.files.includes(posix.join(dirname(file), map)), `${one.name}/${file}`).toBe(true);
    }
  }
});

/** Places that a document links to, without anchors. */
const linksOf = (markdown: string) =>
  [...markdown.replace(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, link]) => link!);

it('documents link only to what is in the tarball, or to an address', () => {
  const broken = packages.flatMap((one) =>
    textsOf(one, /\.md$/).flatMap(([file, text]) =>
      linksOf(text)
        .filter((link) => !/^(https?|mailto):/.test(link) && !existsSync(join(one.folder, dirname(file), link)))
        .map((link) => `${one.name}/${file}: ${link}`),
    ),
  );
  expect(broken).toEqual([]);
});

it('addresses of our repository are those of files that it has', () => {
  const workspace = fileURLToPath(new URL('../../..', import.meta.url));
  const missing = packages.flatMap((one) =>
    textsOf(one, /\.md$/).flatMap(([file, text]) =>
      linksOf(text)
        .filter((link) => link.startsWith(`${home}/`))
        .map((link) => link.slice(home.length).replace(/^\/(blob|tree)\/main\//, ''))
        .filter((path) =>
          path.startsWith('/') ? !/^\/(issues|releases)/.test(path) : !existsSync(join(workspace, path)),
        )
        .map((path) => `${one.name}/${file}: ${path}`),
    ),
  );
  expect(missing).toEqual([]);
});

it('every package has its licence, and data under another one has that', () => {
  for (const { name, manifest, folder: at } of packages) {
    const licence = readFileSync(join(at, 'LICENSE'), 'utf8');
    expect(licence, name).toContain(manifest.license === 'MIT' ? 'MIT License' : 'CC BY-SA 3.0');
  }
});

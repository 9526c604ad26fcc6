// The public names and types of every package, one report an entry in `packages/*/api`: `node tools/surface/api.mjs` fails where the
// build differs from a report, and `--write` writes them.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const packages = fileURLToPath(new URL('../../packages/', import.meta.url));

/** The entries of a package that have types, by their names: `index` is the package itself. */
function entriesOf(name) {
  const { exports } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'));
  return Object.entries(exports).flatMap(([path, { import: entry }]) =>
    entry?.types ? [{ entry: path === '.' ? 'index' : path.slice(2), types: join(packages, name, entry.types) }] : [],
  );
}

/** Every entry of every package. */
export const ENTRIES = readdirSync(packages)
  .filter((name) => existsSync(join(packages, name, 'package.json')))
  .flatMap((name) => entriesOf(name).map((entry) => ({ name, ...entry })));

const SILENT = { default: { logLevel: 'none' } };

function configOf({ name, entry, types }, temporary) {
  const folder = join(packages, name);
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            module: 'NodeNext',
            moduleResolution: 'NodeNext',
            lib: ['ES2023', 'DOM'],
            types: [],
            strict: true,
            skipLibCheck: true,
          },
          files: [types],
        },
      },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName: entry,
        reportFolder: join(folder, 'api'),
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { compilerMessageReporting: SILENT, extractorMessageReporting: SILENT, tsdocMessageReporting: SILENT },
    },
  });
}

/** Whether the build of an entry has the names and types of its report. Writes the report first where `write` says so. */
export function holdsReport(entry, { write = false } = {}) {
  const temporary = mkdtempSync(join(tmpdir(), 'nem-api-'));
  try {
    if (write) mkdirSync(join(packages, entry.name, 'api'), { recursive: true });
    const config = configOf(entry, temporary);
    const { apiReportChanged } = Extractor.invoke(config, {
      localBuild: write,
      messageCallback: (message) => {
        message.handled = true;
      },
    });
    return write || !apiReportChanged;
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const write = process.argv.includes('--write');
  for (const entry of ENTRIES) {
    if (holdsReport(entry, { write })) continue;
    process.exitCode = 1;
    console.error(`packages/${entry.name}/api/${entry.entry}.api.md is not what is built: npm run api writes it.`);
  }
}

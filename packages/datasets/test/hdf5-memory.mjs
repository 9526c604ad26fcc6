// Writes so many sequences into a file and reads every one of them back: prints this process's peak memory in bytes.
import { drawSamples, flyingShapes } from '@nem/datasets';
import { openHdf5, writeHdf5 } from '@nem/datasets/hdf5';

const [file, count] = process.argv.slice(2);
const dataset = flyingShapes({ sizes: { training: Number(count) } });
await writeHdf5({ dataset, file, counts: { training: Number(count) } });
const read = await openHdf5(file);
for (let i = 0; i < Number(count); i += 64) {
  const length = Math.min(64, Number(count) - i);
  drawSamples(
    read,
    'training',
    Array.from({ length }, (_, k) => i + k),
  );
}
read.close();
console.log(process.resourceUsage().maxRSS * 1024);

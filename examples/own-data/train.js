// Trains it: `node train.js [minutes]`, by default ten; the report is in runs/crosses/report. Run again, it goes on.
import { fit } from '@nem/train';
import { experiment } from './crosses.js';

const run = await fit({
  experiment,
  out: 'runs/crosses',
  resume: true,
  maxMinutes: Number(process.argv[2] ?? 10),
  testInputs: 256,
  callbacks: {
    onEpoch: ({ epoch, validation }) => console.log(`epoch ${epoch}, validation loss ${validation.loss.toFixed(1)}`),
  },
});
console.log(`${run.ending}; AMI on test images: ${run.test?.adjustedMutualInfo.max.toFixed(3)}`);

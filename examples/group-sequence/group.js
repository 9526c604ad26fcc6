// Follows objects through a sequence with trained weights, frame by frame, as of a camera; draws groups.gif.
import { writeFileSync } from 'node:fs';
import { drawSamples, flyingShapes } from '@nem/datasets';
import { FrameScorer } from '@nem/metrics/frames';
import { loadModel } from '@nem/models';
import { groupingAnimation } from '@nem/report';

const [height, width, components] = [28, 28, 4];
const pixels = height * width;
const { frames, features, groups } = drawSamples(flyingShapes({ seed: 0, objects: 3, frames: 12 }), 'test', [5]);

// Trained on still images. Some steps on the first frame find the objects; what each component knows then follows them.
const model = await loadModel('static-shapes');
const film = [...Array(8).fill(0), ...Array(frames).keys()];
const found = [];
async function* camera() {
  for (const frame of film) yield features.subarray(frame * pixels, (frame + 1) * pixels);
}
for await (const { gamma, predictions } of model.stream(camera(), { components })) found.push({ gamma, predictions });

const scorer = new FrameScorer({ frames: 1, pixels, ignoreLabel: 0, averageMethod: 'max' });
film.forEach((frame, step) => {
  const truth = groups.subarray(frame * pixels, (frame + 1) * pixels);
  const [score] = scorer.scoreGamma(truth, found[step].gamma, components).adjustedMutualInfo;
  console.log(`frame ${String(frame).padStart(2)}  AMI ${score.toFixed(3)}`);
});

const joined = (name) => Float32Array.from(found.flatMap((one) => [...one[name]]));
const inputs = Float32Array.from(film.flatMap((frame) => [...features.subarray(frame * pixels, (frame + 1) * pixels)]));
const grouping = { steps: film.length, batch: 1, components, height, width, inputs };
writeFileSync(
  'groups.gif',
  groupingAnimation({ ...grouping, gamma: joined('gamma'), predictions: joined('predictions') }),
);

// How well do two groupings agree? Scores of clusterings under scikit-learn's names; names of groups do not matter.
import { adjustedMutualInfoScore, adjustedRandScore, vMeasureScore } from '@nem/metrics';

const truth = [0, 0, 1, 1, 1, 2, 2, 2, 2]; // 0 is the background, which is not scored
const found = [5, 4, 3, 3, 4, 8, 8, 8, 8];

console.log('AMI ', adjustedMutualInfoScore(truth, found, { ignoreLabel: 0, averageMethod: 'max' }).toFixed(3));
console.log('ARI ', adjustedRandScore(truth, found, { ignoreLabel: 0 }).toFixed(3));
console.log('V   ', vMeasureScore(truth, found, { ignoreLabel: 0 }).toFixed(3));

export { argmaxGamma, type GammaShape } from './argmax-gamma.js';
export {
  type BatchScoreOptions,
  type BatchScores,
  FrameScorer,
  type GammaScores,
  type LabelScores,
} from './frame-scorer.js';

/**
 * Where the gradient is let through γ: in the losses and in the input mask (`true`), in one of the two, or nowhere (`false`).
 */
export type GammaGradient = boolean | 'loss' | 'mask';

/** Every {@link GammaGradient}. */
export const gammaGradients: readonly GammaGradient[] = [true, false, 'loss', 'mask'];

/** The paths of the gradient through γ: from a step's own losses, and from the next step's input γ ⊙ (x̃ − ψ). */
export const gammaPaths = (gradient: GammaGradient): { readonly loss: boolean; readonly mask: boolean } => ({
  loss: gradient === true || gradient === 'loss',
  mask: gradient === true || gradient === 'mask',
});

/** What is summed up over a sequence (method, section 3). */
export interface Objective {
  /** λ, the weight of the inter-cluster loss. */
  readonly interWeight: number;
  /** Weight of each step's loss; their number is the number of steps T. */
  readonly stepWeights: readonly number[];
  /** Where the gradient is let through γ; see {@link GammaGradient}. */
  readonly gammaGradient: GammaGradient;
}

/** Losses of one step: summed over pixels (and components), divided by the batch size. */
export interface StepLossValues {
  /** Σ γ · NLL(x; ψ). */
  readonly intra: number;
  /** Σ (1 − γ) · KL(prior ‖ ψ). */
  readonly inter: number;
  /** Σ NLL(x; max_k ψ), which may be compared across K. */
  readonly upper: number;
}

/** Σ over steps of weight · (intra + λ · inter); NaN where there are more losses than weights. */
export function totalLoss({ stepWeights, interWeight }: Objective, losses: readonly StepLossValues[]): number {
  return losses.reduce((sum, { intra, inter }, step) => {
    const weight = stepWeights[step] ?? Number.NaN;
    return sum + weight * (intra + interWeight * inter);
  }, 0);
}

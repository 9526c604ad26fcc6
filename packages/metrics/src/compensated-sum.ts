/**
 * Kahan's compensated sum. Entropies add thousands of equal terms, whose rounding errors would all have the same sign.
 * Reusable; keeps its two numbers in typed memory so that adding never allocates.
 */
export class CompensatedSum {
  // The sum, and by how much rounding has made it too large.
  readonly #state = new Float64Array(2);

  reset(): void {
    this.#state[0] = 0;
    this.#state[1] = 0;
  }

  add(term: number): void {
    const state = this.#state;
    const sum = state[0]!;
    const corrected = term - state[1]!;
    const next = sum + corrected;
    state[1] = next - sum - corrected;
    state[0] = next;
  }

  get value(): number {
    return this.#state[0]!;
  }
}

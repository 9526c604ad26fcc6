import type { EmStep, Engine, EngineSpec, ModelDescription, NamedArrays } from '@nem/core';
import type { MakeUnroller } from './unroller.js';

/** Makes an engine of `@nem/core`'s interface. */
export type MakeEngine = (spec: EngineSpec) => Engine | Promise<Engine>;

/** An engine with the number of components and steps that it was made for. */
interface Made {
  readonly components: number;
  readonly steps: number;
  readonly engine: Promise<Engine>;
  /** Unrolls that wait for it or compute on it. */
  users: number;
  /** Whether it is no longer kept: the last of its users disposes of it. */
  released: boolean;
}

function disposeIfUnused({ engine, users, released }: Made): void {
  if (released && users === 0) engine.then((ready) => ready.dispose()).catch(() => undefined);
}

function release(made: Made | undefined): void {
  if (!made) return;
  made.released = true;
  disposeIfUnused(made);
}

/** What an engine that unrolls a network is made for: no loss is asked for, and noise is put on beforehand. */
function unrollingSpec(description: ModelDescription, components: number, steps: number): EngineSpec {
  const { network, mixture, image, initialPrediction } = description;
  const objective = { interWeight: 1, stepWeights: new Array<number>(steps).fill(1), gammaGradient: false };
  return { network, mixture, image, initialPrediction, components, objective, noise: { type: 'none' } };
}

/** Makes a network a function of one step. */
export type MakeStep = (description: ModelDescription, parameters: NamedArrays) => EmStep;

/** Has engines unroll a network. An engine is made for one number of components and steps; the last one is kept. */
export const byEngine =
  (name: string, makeEngine: MakeEngine, makeStep?: MakeStep): MakeUnroller =>
  (description, parameters) => {
    let kept: Made | undefined;
    let isDisposed = false;
    const make = async (components: number, steps: number): Promise<Engine> => {
      const engine = await makeEngine(unrollingSpec(description, components, steps));
      engine.setParameters(parameters);
      return engine;
    };
    const madeFor = (components: number, steps: number): Made => {
      if (kept?.components === components && kept.steps === steps) return kept;
      release(kept);
      const engine = make(components, steps);
      // Work that goes on after dispose() keeps no engine: each is disposed of after its last user.
      const made: Made = { components, steps, engine, users: 0, released: isDisposed };
      if (!isDisposed) kept = made;
      // What could not be made is tried anew by the next call.
      made.engine.catch(() => {
        if (kept === made) kept = undefined;
      });
      return made;
    };
    return {
      name,
      ...(makeStep && { step: () => makeStep(description, parameters) }),
      async unroll({ components, steps, batch, frames, corrupted, gamma0, keep }) {
        const made = madeFor(components, steps);
        made.users++;
        try {
          const engine = await made.engine;
          return await engine.infer({ frames, batch }, { corrupted, gamma0 }, { steps: keep });
        } finally {
          made.users--;
          disposeIfUnused(made);
        }
      },
      dispose() {
        isDisposed = true;
        release(kept);
        kept = undefined;
      },
    };
  };

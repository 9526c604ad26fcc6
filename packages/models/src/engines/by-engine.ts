import type { EmStep, Engine, EngineSpec, ModelDescription, NamedArrays } from '@nem/core';
import type { MakeUnroller } from './unroller.js';

/** Makes an engine of `@nem/core`'s interface. */
export type MakeEngine = (spec: EngineSpec) => Engine | Promise<Engine>;

/** An engine with the number of components and steps that it was made for. */
interface Made {
  readonly components: number;
  readonly steps: number;
  readonly engine: Promise<Engine>;
}

const release = (made: Made | undefined) => {
  made?.engine.then((engine) => engine.dispose()).catch(() => undefined);
};

/** Makes a network a function of one step. */
export type MakeStep = (description: ModelDescription, parameters: NamedArrays) => EmStep;

/** Has engines unroll a network. An engine is made for one number of components and steps; the last one is kept. */
export const byEngine =
  (name: string, makeEngine: MakeEngine, makeStep?: MakeStep): MakeUnroller =>
  (description, parameters) => {
    const { network, mixture, image, initialPrediction } = description;
    let made: Made | undefined;
    const engineFor = (components: number, steps: number): Promise<Engine> => {
      if (made?.components === components && made.steps === steps) return made.engine;
      release(made);
      const stepWeights = new Array<number>(steps).fill(1);
      const objective = { interWeight: 1, stepWeights, gammaGradient: false };
      const noise = { type: 'none' } as const;
      const spec = { network, mixture, image, initialPrediction, components, objective, noise };
      const engine = Promise.resolve(makeEngine(spec)).then((ready) => {
        ready.setParameters(parameters);
        return ready;
      });
      made = { components, steps, engine };
      return engine;
    };
    return {
      name,
      ...(makeStep && { step: () => makeStep(description, parameters) }),
      async unroll({ components, steps, batch, frames, corrupted, gamma0, keep }) {
        const engine = await engineFor(components, steps);
        return engine.infer({ frames, batch }, { corrupted, gamma0 }, { steps: keep });
      },
      dispose() {
        release(made);
        made = undefined;
      },
    };
  };

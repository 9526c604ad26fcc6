import type { EngineSpec, NetworkShape } from '@nem/core';
import type { View } from '../../instructions/instruction.js';
import type { ProgramBuilder } from '../plan/program-builder.js';

/** What lowering a network to instructions depends on. */
export interface Context {
  readonly builder: ProgramBuilder;
  readonly spec: EngineSpec;
  readonly shape: NetworkShape;
  readonly batch: number;
  /** batch · components. */
  readonly rows: number;
  readonly pixels: number;
  /** Steps that the program has: all up to the last one with weight in training, one in inference. */
  readonly steps: number;
  /** Whether activations of all steps are kept, for the backward half. */
  readonly training: boolean;
  parameter(name: string): View;
  /** A parameter's gradient; training only. */
  gradient(name: string): View;
}

/** Some rows of one step. */
export interface Part {
  readonly step: number;
  /** Rows before these. */
  readonly first: number;
  readonly rows: number;
}

/** All rows of a step. */
export const wholeStep = ({ rows }: Context, step: number): Part => ({ step, first: 0, rows });

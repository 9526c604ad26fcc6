import type { LayerShape, LayerSpec } from '@nem/core';
import type { View } from '../../instructions/instruction.js';
import { part } from '../plan/layout.js';
import type { Context, Part } from './context.js';
import type { LoweredLayer, Lowering } from './layer.js';
import { loweringOf } from './layer-types.js';
import type { Output, Slots } from './rows.js';

/** Layers one after the other. */
export interface LoweredStack {
  /** Its last layer's output, or its input where no layer computes. */
  readonly output: Output;
  /** See {@link LoweredLayer.sloped}, of the last layer. */
  readonly sloped: number | undefined;
  /** Whether no layer computes. */
  readonly isEmpty: boolean;
  forward(step: number): void;
  /**
   * Goes back through a step. Without `dx` it ends at the first layer that has parameters.
   * @param dy the gradient with respect to the output, which is overwritten
   * @param dx where the gradient with respect to the input goes, if it is wanted
   */
  backward(step: number, dy: View, dx: View | undefined): void;
  finish(): void;
}

/** A layer that needs instructions, and how it becomes them. */
interface Computing {
  readonly shape: LayerShape;
  readonly lowering: Lowering<LayerSpec>;
}

/** Neighbours that are stepwise together, or one other layer. */
interface Group {
  readonly layers: readonly LoweredLayer[];
  /** Rows at a time: so few that what one layer writes is in the cache for the next one; all of them of a layer that is not stepwise. */
  readonly rows: number;
  /** The first layer that has parameters; their number where there is none. */
  readonly firstWithParameters: number;
}

/** Floats of the widest array of the rows at a time: a part of a small second-level cache, for there are several arrays. */
const CACHE_FLOATS = 160 * 1024;

/** Rows at a time, in parts as equal as can be. */
function rowsAtATime(rows: number, widest: number): number {
  const most = Math.max(1, Math.floor(CACHE_FLOATS / widest));
  return Math.ceil(rows / Math.ceil(rows / most));
}

const computingLayers = (shapes: readonly LayerShape[]): Computing[] =>
  shapes.flatMap((shape) => {
    const lowering = loweringOf(shape);
    return lowering ? [{ shape, lowering }] : [];
  });

/** Lowers the layers of a stack that need instructions. */
function lowerLayers(context: Context, computing: readonly Computing[], x: Output, psi?: Slots): LoweredLayer[] {
  const layers: LoweredLayer[] = [];
  for (const [i, { shape, lowering }] of computing.entries()) {
    const next = computing[i + 1];
    const nextIsStepwise = next?.lowering.stepwise ?? false;
    const place = { x: layers.at(-1)?.output ?? x, nextIsStepwise, psi: next ? undefined : psi };
    layers.push(lowering.lower(context, shape, place));
  }
  return layers;
}

/** Places of the layers by group. */
function placesByGroup(computing: readonly Computing[]): number[][] {
  const groups: number[][] = [];
  for (const [i, { lowering }] of computing.entries()) {
    const joins = lowering.stepwise && computing[i - 1]?.lowering.stepwise;
    if (joins) groups.at(-1)!.push(i);
    else groups.push([i]);
  }
  return groups;
}

function groupsOf({ rows }: Context, computing: readonly Computing[], layers: readonly LoweredLayer[]): Group[] {
  return placesByGroup(computing).map((places) => {
    const own = places.map((i) => layers[i]!);
    const widest = Math.max(...own.map((layer) => layer.widest));
    const isStepwise = computing[places[0]!]!.lowering.stepwise;
    const found = places.findIndex((i) => computing[i]!.shape.parameters.length > 0);
    const firstWithParameters = found < 0 ? places.length : found;
    return { layers: own, rows: isStepwise ? rowsAtATime(rows, widest) : rows, firstWithParameters };
  });
}

/** The parts in which a group goes through a step. */
function partsOf(context: Context, group: Group, step: number): Part[] {
  const parts: Part[] = [];
  for (let first = 0; first < context.rows; first += group.rows) {
    parts.push({ step, first, rows: Math.min(group.rows, context.rows - first) });
  }
  return parts;
}

/** A part's rows in an array of all rows of a step. */
const rowsIn = (view: View, size: number, { first, rows }: Part): View => part(view, first * size, rows * size);

function forwardThrough(context: Context, group: Group, step: number): void {
  for (const at of partsOf(context, group, step)) {
    for (const [i, layer] of group.layers.entries()) {
      layer.forward(at);
      if (i > 0) layer.input.end();
    }
  }
  group.layers[0]?.input.end();
}

/** Goes back through a part of a group, down to the layer `lowest`. */
function backThroughPart({ builder }: Context, { layers }: Group, at: Part, dy: View, dx?: View, lowest = 0): void {
  let gradient = dy;
  for (let i = layers.length - 1; i >= lowest; i--) {
    const layer = layers[i]!;
    const below = i > lowest ? builder.layout.allocate(at.rows * layer.input.size) : dx;
    layer.backward(at, gradient, below);
    layer.output.end();
    if (gradient !== dy) builder.layout.release(gradient);
    if (below) gradient = below;
    else layer.input.end();
  }
  layers[lowest]?.input.end();
}

function backThrough(context: Context, group: Group, step: number, dy: View, dx: View | undefined): void {
  const [outputs, inputs] = [group.layers.at(-1)!.output.size, group.layers[0]!.input.size];
  for (const at of partsOf(context, group, step)) {
    const below = dx && rowsIn(dx, inputs, at);
    backThroughPart(context, group, at, rowsIn(dy, outputs, at), below, dx ? 0 : group.firstWithParameters);
  }
}

/**
 * Lowers layers one after the other.
 * @param psi where the last layer that computes writes to
 */
export function lowerStack(context: Context, shapes: readonly LayerShape[], x: Output, psi?: Slots): LoweredStack {
  const { layout } = context.builder;
  const computing = computingLayers(shapes);
  const layers = lowerLayers(context, computing, x, psi);
  const groups = groupsOf(context, computing, layers);
  const lowest = groups.findIndex(({ layers, firstWithParameters }) => firstWithParameters < layers.length);
  return {
    output: layers.at(-1)?.output ?? x,
    sloped: layers.at(-1)?.sloped,
    isEmpty: layers.length === 0,
    forward(step) {
      for (const group of groups) forwardThrough(context, group, step);
    },
    backward(step, dy, dx) {
      let gradient = dy;
      for (let i = groups.length - 1; i >= (dx || lowest < 0 ? 0 : lowest); i--) {
        const group = groups[i]!;
        const isLast = i === 0 || (!dx && i === lowest);
        const below = isLast ? (i === 0 ? dx : undefined) : layout.allocate(context.rows * group.layers[0]!.input.size);
        backThrough(context, group, step, gradient, below);
        if (gradient !== dy) layout.release(gradient);
        if (below) gradient = below;
      }
    },
    finish() {
      for (const layer of layers) layer.finish();
    },
  };
}

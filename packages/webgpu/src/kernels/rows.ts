/**
 * How a workgroup goes through a row of positions × channels, channels innermost. In each turn, each invocation takes one element or, where the
 * channels are whole vectors, four. Neighbours in the workgroup take neighbours in memory, so that their loads are joined. Turns are cut so
 * that an invocation meets as few channels as possible, for the sums by channel:
 *
 *     few channels     a turn has several whole positions. An invocation meets the same channels in every turn; the invocations that meet
 *                      the same ones are one from each team, a team being those of one position.
 *     many channels    a turn has one block of a position's channels, as many as the workgroup takes at once. An invocation meets as many
 *                      different channels as there are blocks, and shares none with another invocation.
 */

import { VECTOR, WORKGROUP } from '../plan/kernel.js';
import { FOUR, type Form, inVectors, SCALAR } from './operand.js';

/** WGSL that sums up two values by channel, for the function `keep(c, one, other)` that takes the sums of channel c. */
interface ChannelSums {
  /** Outside of all functions. */
  readonly declare: string;
  /** Before the turns. */
  readonly start: string;
  /** In a turn. */
  readonly add: (one: string, other: string) => string;
  /** After all turns. */
  readonly finish: string;
}

/** See the top of this file. */
export class Rows {
  /** Of an invocation's elements of a turn: one, or four. */
  readonly form: Form;
  /** Whether they are four. */
  readonly vector: boolean;
  readonly turns: number;
  /** Blocks of a position's channels; a turn has one of them, or all of several positions where there is only one. */
  readonly #blocks: number;
  /** Positions of a turn. */
  readonly #teams: number;
  readonly #positions: number;
  readonly #size: number;
  readonly #channels: number;
  /** Elements of an invocation in a turn. */
  readonly #width: number;
  /** Invocations that take part. */
  readonly #lanes: number;

  /**
   * @param size elements of a row
   * @param channels length of its last axis
   */
  constructor(size: number, channels: number) {
    this.#size = size;
    this.#channels = channels;
    this.#positions = size / channels;
    this.vector = inVectors(channels);
    this.form = this.vector ? FOUR : SCALAR;
    this.#width = this.vector ? VECTOR : 1;
    const across = channels / this.#width;
    this.#blocks = Math.ceil(across / WORKGROUP);
    this.#teams = this.#blocks === 1 ? Math.floor(WORKGROUP / across) : 1;
    this.#lanes = this.#blocks === 1 ? this.#teams * across : WORKGROUP;
    this.turns = this.#blocks === 1 ? Math.ceil(this.#positions / this.#teams) : this.#positions * this.#blocks;
  }

  /** WGSL: `body` in each turn, with the row's element `e`, its channel `c` and the `block` of channels. */
  each(body: string): string {
    const [width, lanes, channels] = [this.#width, this.#lanes, this.#channels];
    if (this.#blocks === 1) {
      return `for (var turn = 0u; turn < ${this.turns}u; turn++) {
    let e = (turn * ${lanes}u + lane) * ${width}u; let c = e % ${channels}u; let block = 0u;
    if (lane < ${lanes}u && e < ${this.#size}u) {
      ${body}
    }
  }`;
    }
    return `for (var turn = 0u; turn < ${this.turns}u; turn++) {
    let block = turn % ${this.#blocks}u; let c = (block * ${lanes}u + lane) * ${width}u;
    let e = turn / ${this.#blocks}u * ${channels}u + c;
    if (c < ${channels}u) {
      ${body}
    }
  }`;
  }

  /** WGSL: `across(value)`, the sum of an invocation's elements of a turn. */
  acrossCode(): string {
    const { type } = this.form;
    return `fn across(value: ${type}) -> f32 { return ${this.vector ? 'dot(value, vec4f(1.0))' : 'value'}; }`;
  }

  /** WGSL: sums of two values over the positions, by channel. */
  channelSums(): ChannelSums {
    if (this.#positions === 1) return SINGLE_VALUES;
    const { type } = this.form;
    return {
      declare: this.#blocks > 1 ? '' : [ONES, OTHERS].map((name) => teamArray(name, type)).join('\n'),
      start: `var ones: array<${type}, ${this.#blocks}>; var others: array<${type}, ${this.#blocks}>;`,
      add: (one, other) => `ones[block] += ${one}; others[block] += ${other};`,
      finish: this.#blocks > 1 ? this.#keepBlocks() : this.#addTeams(),
    };
  }

  /** WGSL: many channels; each invocation has the whole sums of its own ones. */
  #keepBlocks(): string {
    return `for (var block = 0u; block < ${this.#blocks}u; block++) {
    let c = (block * ${WORKGROUP}u + lane) * ${this.#width}u;
    if (c < ${this.#channels}u) { keep(c, ones[block], others[block]); }
  }`;
  }

  /** WGSL: few channels; the first team adds up the sums of all teams, in their order. */
  #addTeams(): string {
    const across = this.#channels / this.#width;
    return `${ONES}[lane] = ones[0]; ${OTHERS}[lane] = others[0];
  workgroupBarrier();
  if (lane < ${across}u) {
    for (var team = 1u; team < ${this.#teams}u; team++) {
      ones[0] += ${ONES}[lane + team * ${across}u]; others[0] += ${OTHERS}[lane + team * ${across}u];
    }
    keep(lane * ${this.#width}u, ones[0], others[0]);
  }`;
  }
}

/** The sums of a row with one position: each value is a sum already. */
const SINGLE_VALUES: ChannelSums = {
  declare: '',
  start: '',
  add: (one, other) => `keep(c, ${one}, ${other});`,
  finish: '',
};

/** Names of the arrays in workgroup memory that have each invocation's sums. */
const [ONES, OTHERS] = ['teamOnes', 'teamOthers'];

const teamArray = (name: string, type: string) => `var<workgroup> ${name}: array<${type}, ${WORKGROUP}>;`;

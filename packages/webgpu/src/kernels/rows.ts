import { VECTOR, WORKGROUP } from '../plan/kernel.js';
import { FOUR, type Form, inVectors, SCALAR } from './operand.js';

/**
 * How a workgroup goes through a row of positions × channels, channels innermost: in turns, each invocation with one element or,
 * where channels are whole vectors, four. It meets the same channels in every turn, or in every turn of a block of channels.
 */
export class Rows {
  /** Of an invocation's elements of a turn. */
  readonly form: Form;
  readonly vector: boolean;
  readonly turns: number;
  /** Turns until an invocation meets the same channels again. */
  readonly #blocks: number;
  /** Whether a row has one position, so that no invocation meets a channel twice. */
  readonly #single: boolean;
  /** Invocations that meet the same channels in a turn. */
  readonly #teams: number;
  readonly #size: number;
  readonly #channels: number;
  readonly #width: number;
  /** Invocations that take part. */
  readonly #lanes: number;

  constructor(size: number, channels: number) {
    this.#size = size;
    this.#channels = channels;
    this.vector = inVectors(channels);
    this.form = this.vector ? FOUR : SCALAR;
    this.#width = this.vector ? VECTOR : 1;
    const across = channels / this.#width;
    this.#blocks = Math.ceil(across / WORKGROUP);
    this.#teams = this.#blocks === 1 ? Math.floor(WORKGROUP / across) : 1;
    this.#lanes = this.#blocks === 1 ? this.#teams * across : WORKGROUP;
    const positions = size / channels;
    this.#single = positions === 1;
    this.turns = this.#blocks === 1 ? Math.ceil(positions / this.#teams) : positions * this.#blocks;
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

  /** WGSL: `across(value)`, the sum of an invocation's elements. */
  acrossCode(): string {
    const { type } = this.form;
    return `fn across(value: ${type}) -> f32 { return ${this.vector ? 'dot(value, vec4f(1.0))' : 'value'}; }`;
  }

  /**
   * WGSL: sums over the positions of two values by channel, for `keep(c, one, other)`: declarations, an invocation's own sums, what adds
   * to them in a turn, and what puts the invocations' together after all turns.
   */
  channelSums() {
    const { type } = this.form;
    if (this.#single) {
      return { declare: '', start: '', add: (one: string, other: string) => `keep(c, ${one}, ${other});`, finish: '' };
    }
    return {
      declare:
        this.#blocks > 1 ? '' : TEAMS.map((name) => `var<workgroup> ${name}: array<${type}, ${WORKGROUP}>;`).join('\n'),
      start: `var ones: array<${type}, ${this.#blocks}>; var others: array<${type}, ${this.#blocks}>;`,
      add: (one: string, other: string) => `ones[block] += ${one}; others[block] += ${other};`,
      finish: this.#blocks > 1 ? this.#keepBlocks() : this.#addTeams(),
    };
  }

  #keepBlocks(): string {
    return `for (var block = 0u; block < ${this.#blocks}u; block++) {
    let c = (block * ${WORKGROUP}u + lane) * ${this.#width}u;
    if (c < ${this.#channels}u) { keep(c, ones[block], others[block]); }
  }`;
  }

  #addTeams(): string {
    const across = this.#channels / this.#width;
    return `teamOnes[lane] = ones[0]; teamOthers[lane] = others[0];
  workgroupBarrier();
  if (lane < ${across}u) {
    for (var team = 1u; team < ${this.#teams}u; team++) {
      ones[0] += teamOnes[lane + team * ${across}u]; others[0] += teamOthers[lane + team * ${across}u];
    }
    keep(lane * ${this.#width}u, ones[0], others[0]);
  }`;
  }
}

const TEAMS = ['teamOnes', 'teamOthers'];

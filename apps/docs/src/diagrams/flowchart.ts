/** A box of a flowchart. */
export interface Box {
  readonly id: string;
  /** Lines are parted by `<br>`, and `<b>` is the only other markup. */
  readonly label: string;
  /** The group that it stands in. */
  readonly group?: string;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly dotted: boolean;
  readonly label?: string;
}

export interface Flowchart {
  readonly direction: 'TD' | 'LR';
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** What a line of a flowchart is made of. */
type Token =
  | { readonly kind: 'box'; readonly id: string; readonly label?: string }
  | { readonly kind: 'and' }
  | { readonly kind: 'arrow'; readonly dotted: boolean; readonly label?: string };

const BOX = /^([A-Za-z]\w*)(?:\["([^"]*)"\])?/;
const SOLID = /^-->(?:\|"?([^|"]*)"?\|)?/;
const DOTTED = /^-\.(?:\s*"([^"]*)"\s*\.)?->/;

function nextToken(text: string): { token: Token; length: number } {
  const box = BOX.exec(text);
  if (box) return { token: { kind: 'box', id: box[1] as string, label: box[2] }, length: box[0].length };
  if (text.startsWith('&')) return { token: { kind: 'and' }, length: 1 };
  const solid = SOLID.exec(text);
  const arrow = solid ?? DOTTED.exec(text);
  if (!arrow) throw new Error(`This part of a flowchart is not known here: ${text}`);
  return { token: { kind: 'arrow', dotted: !solid, label: arrow[1] }, length: arrow[0].length };
}

function tokens(line: string): Token[] {
  const found: Token[] = [];
  for (let rest = line; rest !== ''; ) {
    const { token, length } = nextToken(rest);
    found.push(token);
    rest = rest.slice(length).trimStart();
  }
  return found;
}

/** Collects boxes and arrows, line by line. */
class Reader {
  readonly boxes = new Map<string, Box>();
  readonly arrows: Arrow[] = [];
  #group: string | undefined;

  read(line: string): void {
    const group = /^subgraph (\w+)$/.exec(line)?.[1];
    if (group) this.#group = group;
    else if (line === 'end') this.#group = undefined;
    else this.#statement(line);
  }

  /** Boxes, with an arrow from each on its left to each on its right. */
  #statement(line: string): void {
    let [before, here]: [string[], string[]] = [[], []];
    let arrow: Extract<Token, { kind: 'arrow' }> | undefined;
    const connect = () => {
      if (!arrow) return;
      const { dotted, label } = arrow;
      this.arrows.push(...before.flatMap((from) => here.map((to) => ({ from, to, dotted, label }))));
    };
    for (const token of tokens(line)) {
      if (token.kind === 'box') here.push(this.#box(token.id, token.label));
      if (token.kind !== 'arrow') continue;
      connect();
      [before, here, arrow] = [here, [], token];
    }
    connect();
  }

  /** A box is named again by each of its arrows. */
  #box(id: string, label?: string): string {
    const known = this.boxes.get(id);
    if (!known || label !== undefined)
      this.boxes.set(id, { id, label: label ?? id, group: this.#group ?? known?.group });
    return id;
  }
}

/**
 * Reads a flowchart of Mermaid, as far as our documents use it: boxes with labels in quotes, groups that are not nested, arrows that
 * are solid or dotted, with or without a label.
 * @throws Error that quotes what else a line has
 */
export function readFlowchart(text: string): Flowchart {
  const [first = '', ...lines] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const direction = /^flowchart (TD|LR)$/.exec(first)?.[1] as Flowchart['direction'] | undefined;
  if (!direction) throw new Error(`A diagram must begin with "flowchart TD" or "flowchart LR", not with: ${first}`);
  const reader = new Reader();
  for (const line of lines) reader.read(line);
  return { direction, boxes: [...reader.boxes.values()], arrows: reader.arrows };
}

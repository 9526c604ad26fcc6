import { expect, it } from 'vitest';
import { readFlowchart } from './flowchart.js';

it('reads boxes with their groups, and an arrow from each on its left to each on its right', () => {
  const { direction, boxes, arrows } = readFlowchart(`flowchart TD
    train["<b>train</b><br>the command nem (Node)"]
    subgraph core
      model["the model"]
    end
    train --> model & random
    train -. "where installed" .-> digits -.-> random
  `);
  expect(direction).toBe('TD');
  expect(boxes).toEqual([
    { id: 'train', label: '<b>train</b><br>the command nem (Node)', group: undefined },
    { id: 'model', label: 'the model', group: 'core' },
    { id: 'random', label: 'random', group: undefined },
    { id: 'digits', label: 'digits', group: undefined },
  ]);
  expect(arrows).toEqual([
    { from: 'train', to: 'model', dotted: false, label: undefined },
    { from: 'train', to: 'random', dotted: false, label: undefined },
    { from: 'train', to: 'digits', dotted: true, label: 'where installed' },
    { from: 'digits', to: 'random', dotted: true, label: undefined },
  ]);
});

it('reads a box where an arrow first names it, and a label on an arrow', () => {
  const { boxes, arrows } = readFlowchart('flowchart LR\n d["datasets"] -->|"ψ, γ"| e["an engine"]\n e -->|loss| d');
  expect(boxes.map(({ label }) => label)).toEqual(['datasets', 'an engine']);
  expect(arrows.map(({ from, to, label }) => [from, to, label])).toEqual([
    ['d', 'e', 'ψ, γ'],
    ['e', 'd', 'loss'],
  ]);
});

it.each([
  ['sequenceDiagram\n a->>b: hello', 'must begin with "flowchart TD" or "flowchart LR", not with: sequenceDiagram'],
  ['flowchart TD\n a{"a question"} --> b', 'is not known here: {"a question"} --> b'],
  ['flowchart TD\n a ==> b', 'is not known here: ==> b'],
])('quotes what it does not know: %s', (text, message) => {
  expect(() => readFlowchart(text)).toThrow(message);
});

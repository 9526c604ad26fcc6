import { describe, expect, it } from 'vitest';
import { element, escapeXml, fitLines, fitText } from './svg.js';

describe('escapeXml', () => {
  it('escapes markup and quotes', () => {
    expect(escapeXml(`a < b && "c" > 'd'`)).toBe('a &lt; b &amp;&amp; &quot;c&quot; &gt; &#39;d&#39;');
  });

  it('replaces what XML cannot hold and keeps what it can', () => {
    expect(escapeXml('\u0000\u001b\ud800\uffff')).toBe('\ufffd'.repeat(4));
    expect(escapeXml('γ x̃\t\n😀')).toBe('γ x̃\t\n😀');
  });
});

describe('element', () => {
  it('escapes attributes, leaves out undefined ones and keeps children', () => {
    expect(element('text', { x: 1, fill: undefined, id: '"<' }, '<b/>', 'c')).toBe(
      '<text x="1" id="&quot;&lt;"><b/>c</text>',
    );
    expect(element('rect', { x: 0 })).toBe('<rect x="0"/>');
  });
});

describe('fitText', () => {
  it('keeps a text that fits and cuts one that does not', () => {
    expect(fitText('sample 1', 200, 12)).toBe('sample 1');
    const cut = fitText('x'.repeat(100), 200, 12);
    expect(cut).toMatch(/^x{20,30}…$/);
  });

  it('never cuts a character in two', () => {
    expect(fitText('😀'.repeat(50), 100, 12)).toMatch(/^(?:😀)+…$/u);
  });
});

describe('fitLines', () => {
  it('breaks at spaces and loses no word', () => {
    const text = 'the colour of the component that takes most of the group';
    const lines = fitLines(text, 150, 12);
    expect(lines.length).toBeGreaterThan(2);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(18);
    expect(lines.join(' ')).toBe(text);
  });

  it('cuts a word that is wider than a line', () => {
    expect(fitLines(`a ${'w'.repeat(99)} b`, 100, 12)).toEqual(['a', `${'w'.repeat(11)}…`, 'b']);
  });
});

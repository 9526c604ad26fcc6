import { describe, expect, it } from 'vitest';
import { code, escapeMarkdown, linkTarget, table } from './markdown-text.js';

describe('escapeMarkdown', () => {
  it.each([
    ['a|b', 'a\\|b'],
    ['<b>&', '&lt;b&gt;&amp;'],
    ['*x* _y_ [z](u) `c` ~s~', '\\*x\\* \\_y\\_ \\[z\\](u) \\`c\\` \\~s\\~'],
    ['two\nlines\r\n\there', 'two lines here'],
    ['\\', '\\\\'],
    ['- item', '\\- item'],
    ['12. item', '12\\. item'],
    ['\n- item\n', '\\- item'],
    ['static-shapes, 0.5 (K = 4)', 'static-shapes, 0.5 (K = 4)'],
  ])('writes %j as %j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});

describe('code', () => {
  it.each([
    ['rnn-em', '`rnn-em`'],
    ['a|b', '`a\\|b`'],
    ['a`b``c', '```a`b``c```'],
    ['`a', '`` `a ``'],
    ['', '`  `'],
    ['<b>\n*', '`<b> *`'],
  ])('writes %j as %j', (text, expected) => {
    expect(code(text)).toBe(expected);
  });
});

describe('linkTarget', () => {
  it('keeps a plain path and encodes what ends a link', () => {
    expect(linkTarget('overview.png')).toBe('overview.png');
    expect(linkTarget('my run (1)\\50%#?.png')).toBe('my%20run%20%281%29/50%25%23%3F.png');
  });
});

describe('table', () => {
  it('has a rule and a line for each row', () => {
    expect(table(['a', 'b'], [['1', '2']], [1])).toBe('| a | b |\n| --- | ---: |\n| 1 | 2 |');
  });
});

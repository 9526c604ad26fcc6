import katex from 'katex';
import type { MarkdownRenderer } from 'vitepress';

/** Sets a formula once, when the site is built: markup and MathML, no script in the page. Vue is told to leave it alone. */
function set(formula: string, displayMode: boolean): string {
  const html = katex.renderToString(formula, {
    displayMode,
    output: 'htmlAndMathml',
    strict: 'error',
    throwOnError: true,
  });
  // A wide formula scrolls, and so a keyboard must reach it.
  return displayMode
    ? `<div v-pre class="formula" tabindex="0" role="group" aria-label="Formula">${html}</div>\n`
    : html.replace('<span', '<span v-pre');
}

/**
 * Formulas as GitHub writes them: `$…$` in a line, and blocks of the language `math`.
 * A dollar sign that opens a formula has no space after it, and the closing one no space before it and no digit after it.
 */
export function formulas(markdown: MarkdownRenderer): void {
  markdown.inline.ruler.after('escape', 'formula', (state, silent) => {
    const match = /^\$(?!\s)([^$\n]+(?:\n[^$\n]+)*?)(?<!\s)\$(?!\d)/.exec(state.src.slice(state.pos));
    if (!match) return false;
    if (!silent) state.push('html_inline', '', 0).content = set(match[1] as string, false);
    state.pos += match[0].length;
    return true;
  });
  const { fence } = markdown.renderer.rules;
  markdown.renderer.rules.fence = (tokens, index, ...rest) => {
    const token = tokens[index];
    if (token?.info.trim() === 'math') return set(token.content, true);
    return fence?.(tokens, index, ...rest) ?? '';
  };
}

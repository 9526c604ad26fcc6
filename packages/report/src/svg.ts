import { wrapText } from './words.js';

/** Fonts of every figure: the one that the rasteriser brings, then what browsers have. */
export const FONT_FAMILY = "'DejaVu Sans', Verdana, sans-serif";

/** Ink of labels on white. */
export const INK = '#1f2328';

// Control characters and halves of surrogate pairs: XML 1.0 cannot hold them, not even escaped.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for XML content or an attribute; characters that XML cannot hold become U+FFFD. */
export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** Attributes in the order given; undefined ones are left out. */
type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An XML element. `children` are markup already, e.g. from {@link escapeXml}. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
  return children.length === 0 ? `<${name}${list}/>` : `<${name}${list}>${children.join('')}</${name}>`;
}

/** Mean advance of a character in ems: an upper bound for sentences in DejaVu Sans, bold ones too. */
const EMS_PER_CHARACTER = 0.66;

/** Pixels that a text takes at most. */
export const textWidth = (text: string, fontSize: number): number =>
  Array.from(text).length * fontSize * EMS_PER_CHARACTER;

/** How many characters of a sentence fit into a width in pixels. */
const charactersIn = (width: number, fontSize: number): number =>
  Math.max(1, Math.floor(width / (fontSize * EMS_PER_CHARACTER)));

/** The text, or its start and an ellipsis where it would be wider than `width` pixels. */
export function fitText(text: string, width: number, fontSize: number): string {
  const characters = Array.from(text);
  const limit = charactersIn(width, fontSize);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}

/** Breaks a text at its spaces into lines that fit into `width` pixels; a word that is wider is cut. */
export const fitLines = (text: string, width: number, fontSize: number): string[] =>
  wrapText(text, charactersIn(width, fontSize)).map((line) => fitText(line, width, fontSize));

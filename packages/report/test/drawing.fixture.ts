import type * as chartLibrary from '../src/charts.js';
import type * as library from '../src/index.js';

/** The files of the rasteriser, as a page gets them: Base64. */
export interface EncodedFiles {
  readonly wasm: string;
  readonly fonts: readonly string[];
}

/**
 * Makes one of everything with a build of the package, here or in a page, from the same made-up numbers.
 * The function is sent to the page as text: it uses nothing from outside itself.
 * @returns SHA-256 of each, in hexadecimal digits; of a chart its lines and texts, because ECharts asks a browser how wide
 * texts are and has an estimate elsewhere, so that labels may stand a few pixels apart
 */
export async function drawn(
  report: typeof library,
  charts: typeof chartLibrary,
  { wasm, fonts }: EncodedFiles,
): Promise<Readonly<Record<string, string>>> {
  const { DARK, LIGHT, lineChartSvg } = charts;
  const decode = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => ((i * step) % 101) / 101);
  const groups = (length: number) => Uint8Array.from({ length }, (_, i) => Math.floor(i / 5) % 4);
  const svgToPng = await report.prepareRaster({ wasm: decode(wasm), fonts: fonts.map(decode) });
  const points = [3, 1, 2].map((y, i) => ({ x: i + 1, y, low: y - 0.5, high: y + 0.5 }));
  const chart = (theme = LIGHT) =>
    lineChartSvg({
      title: 'Losses, γ',
      xName: 'epoch',
      yName: 'loss',
      theme,
      series: [{ name: 'one', points }],
    });
  const overview = report.overviewSvg([
    {
      ...{ height: 8, width: 8, steps: 3, components: 2 },
      ...{ inputs: wave(192, 7), targets: wave(192, 11), groups: groups(192) },
      ...{ gamma: wave(384, 13), predictions: wave(384, 17) },
    },
  ]);
  const samples = { frames: 3, count: 2, height: 8, width: 8, features: wave(384, 7), groups: groups(384) };
  const picture = { type: 'picture', caption: 'Seen', alt: 'Seen.', file: 'seen', png: svgToPng(overview) } as const;
  const losses = { type: 'chart', title: 'Losses', caption: 'They fall.', file: 'losses' } as const;
  const blocks = [{ ...losses, light: '<svg/>', dark: '<svg></svg>' }, picture];
  const document = { title: 'A report', introduction: 'Of γ.', sections: [{ id: 'one', title: 'One', blocks }] };
  const made = {
    overview,
    png: svgToPng(overview),
    preview: report.samplesToPng(samples),
    animation: report.samplesToGif(samples),
    markdown: report.documentMarkdown(document),
    html: report.documentHtml(document),
  };
  const found: Record<string, string> = {};
  for (const [name, content] of Object.entries(made)) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    found[name] = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  for (const [i, svg] of [chart(), chart(DARK)].entries()) {
    found[`texts of chart ${i}`] = [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(([, text]) => text).join('; ');
    found[`line of chart ${i}`] = / d="([^"]+)"[^>]*stroke="#0072b2"/.exec(svg)?.[1] ?? 'none';
    found[`pixels of chart ${i}`] = String(svgToPng(svg).length > 5000);
  }
  return found;
}

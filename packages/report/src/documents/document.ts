/** Plain text, or text in the typeface of code. */
export type DocumentCell = string | { readonly code: string };

/** A table. */
export interface DocumentTable {
  readonly type: 'table';
  /** Default none. */
  readonly caption?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly DocumentCell[])[];
  /** Columns that are set right, by index. */
  readonly numeric: readonly number[];
}

/** A chart, for light and for dark pages. */
export interface DocumentChart {
  readonly type: 'chart';
  /** Stands in the chart itself. */
  readonly title: string;
  /** What it shows in words and numbers, below the chart. */
  readonly caption: string;
  /** The name of its files, without an ending. */
  readonly file: string;
  /** The chart as an SVG document, for light pages. */
  readonly light: string;
  /** The same for dark pages. */
  readonly dark: string;
}

/** A picture on white. */
export interface DocumentPicture {
  readonly type: 'picture';
  /** Below the picture. */
  readonly caption: string;
  /** For those who do not see it. */
  readonly alt: string;
  /** The name of its file, without an ending. */
  readonly file: string;
  readonly png: Uint8Array;
}

/** A picture in a file beside the report, which a page then needs. Paths are relative to the report's. */
export interface DocumentLinkedPicture {
  readonly type: 'linked picture';
  readonly title: string;
  /** Shown in the report. */
  readonly png: string;
  /** Linked below it, for print. */
  readonly svg: string;
}

export type DocumentBlock =
  | { readonly type: 'paragraph'; readonly text: string }
  | DocumentLinkedPicture
  | DocumentTable
  | DocumentChart
  | DocumentPicture;

export interface DocumentSection {
  /** Of the link to it, e.g. `table-1`. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly DocumentBlock[];
}

/** A report: written as Markdown and as a page. */
export interface ReportDocument {
  readonly title: string;
  /** In a frame of its own below the title. Default none. */
  readonly notice?: string;
  /** Default none. */
  readonly introduction?: string;
  readonly sections: readonly DocumentSection[];
}

import { markup, Markup } from './html.ts';
import { documentStyle } from './style.ts';

/* Parts of documents that are one file: no script, nothing from elsewhere, every value escaped. */

/** How something stands; also said in words, so that colour is never the only sign. */
export type Tone = 'good' | 'care' | 'bad' | 'plain';

/** What a document consists of. */
export interface DocumentContent {
  readonly title: string;
  /** A line below the title. */
  readonly subtitle: string;
  /** BCP 47. Default: English. */
  readonly language?: string;
  readonly body: readonly Markup[];
  /** The last lines. */
  readonly footer: readonly string[];
}

/** A whole HTML document, for light and dark screens and for paper. */
export const document = ({ title, subtitle, language = 'en', body, footer }: DocumentContent): string =>
  markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Markup(documentStyle)}</style>
</head>
<body>
<main>
<header><h1>${title}</h1><p class="subtitle">${subtitle}</p></header>
${body}
</main>
<footer>${footer.map((line) => markup`<p>${line}</p>`)}</footer>
</body>
</html>
`.text;

/** A word or two with its tone. */
export const tag = (text: string, tone: Tone): Markup => markup`<span class="tag ${tone}">${text}</span>`;

/** A chapter with a heading. @param beside what stands beside the heading. */
export const section = (title: string, parts: readonly Markup[], beside?: Markup): Markup =>
  markup`<section><h2>${title} ${beside}</h2>${parts}</section>`;

/** A text; what stands between backticks is code. */
const prose = (text: string): Markup => {
  const parts = text.split('`');
  return markup`${parts.map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : part))}`;
};

export const paragraph = (text: string): Markup => markup`<p>${prose(text)}</p>`;

/** A heading below that of a section. */
export const subheading = (text: string): Markup => markup`<h3>${text}</h3>`;

/** A list of lines. */
export const list = (lines: readonly (string | Markup)[]): Markup =>
  markup`<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`;

/** A line of a list with a tag before it, and what to do about it below it. */
export const finding = (beside: Markup, text: string, remedy: string | null): Markup => {
  const below = remedy === null ? undefined : markup`<small>${prose(remedy)}</small>`;
  return markup`<div class="finding">${beside}<div>${prose(text)}${below}</div></div>`;
};

/** A text with a smaller one below it. */
export const withNote = (text: string, note: string | undefined): Markup =>
  markup`${text}${note === undefined ? undefined : markup`<small>${note}</small>`}`;

/** A command, to be copied. */
export const command = (text: string): Markup => markup`<pre><code>${text}</code></pre>`;

/** A few figures with their names. */
export const figures = (
  all: readonly { readonly name: string; readonly value: string; readonly note?: string }[],
): Markup => {
  const one = ({ name, value, note }: (typeof all)[number]): Markup =>
    markup`<div><dt>${name}</dt><dd>${withNote(value, note)}</dd></div>`;
  return markup`<dl class="figures">${all.map(one)}</dl>`;
};

/** A column of a table. */
export interface TableColumn {
  readonly title: string;
  readonly align?: 'start' | 'end';
}

type Cells = readonly (string | Markup)[];

/** A table; on a narrow screen each row is a block with the titles beside its cells. The first cell is its heading. */
export function table(caption: string, columns: readonly TableColumn[], rows: readonly Cells[]): Markup {
  const align = (index: number): string => (columns[index]?.align === 'end' ? 'end' : 'start');
  // Roles, since a table whose rows are blocks is none to every screen reader.
  const cellOf = (cell: string | Markup, index: number): Markup => {
    if (index === 0) return markup`<th scope="row" role="rowheader">${cell}</th>`;
    const title = columns[index]?.title ?? '';
    const content = cell === '' ? cell : markup`<div>${cell}</div>`;
    return markup`<td role="cell" class="${align(index)}" data-title="${title}">${content}</td>`;
  };
  const rowOf = (row: Cells): Markup => markup`<tr role="row">${row.map(cellOf)}</tr>`;
  const titles = columns.map(
    ({ title }, index) => markup`<th scope="col" role="columnheader" class="${align(index)}">${title}</th>`,
  );
  const head = markup`<thead role="rowgroup"><tr role="row">${titles}</tr></thead>`;
  const body = markup`<tbody role="rowgroup">${rows.map(rowOf)}</tbody>`;
  return markup`<table role="table"><caption>${caption}</caption>${head}${body}</table>`;
}

/** Percent with one digit, within 0 and 100: nothing else reaches a style. */
const percent = (share: number): string =>
  (100 * Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0))).toFixed(1);

/** A share as a bar with its words. */
export const meter = (share: number, words: string, tone: Tone): Markup => {
  const track = markup`<span class="track" aria-hidden="true"><span style="width:${percent(share)}%"></span></span>`;
  return markup`<span class="meter ${tone}">${track}<span class="words">${words}</span></span>`;
};

/** A value beside others, as a bar in proportion to the largest. */
export const bar = (value: number, largest: number, words: string): Markup =>
  meter(largest === 0 ? 0 : value / largest, words, 'plain');

import { html, Markup } from './html.ts';
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
  html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${new Markup(documentStyle)}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>${title}</h1>
            <p class="subtitle">${subtitle}</p>
          </header>
          ${body}
        </main>
        <footer>${footer.map((line) => html`<p>${line}</p>`)}</footer>
      </body>
    </html> `.text;

/** A word or two with its tone. */
export const tag = (text: string, tone: Tone): Markup => html`<span class="tag ${tone}">${text}</span>`;

/** A chapter with a heading. @param beside what stands beside the heading. */
export const section = (title: string, parts: readonly Markup[], beside?: Markup): Markup =>
  html`<section>
    <h2>${title}${beside === undefined ? undefined : html` ${beside}`}</h2>
    ${parts}
  </section>`;

export const paragraph = (text: string): Markup => html`<p>${text}</p>`;

/** A heading below that of a section. */
export const subheading = (text: string): Markup => html`<h3>${text}</h3>`;

/** A list of lines. */
export const list = (lines: readonly (string | Markup)[]): Markup =>
  html`<ul>
    ${lines.map((line) => html`<li>${line}</li>`)}
  </ul>`;

/** A command, to be copied. */
export const command = (text: string): Markup => html`<pre><code>${text}</code></pre>`;

/** A few figures with their names. */
export const figures = (
  all: readonly { readonly name: string; readonly value: string; readonly note?: string }[],
): Markup =>
  html`<dl class="figures">
    ${all.map(
      ({ name, value, note }) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}${note === undefined ? undefined : html`<small>${note}</small>`}</dd>
        </div>`,
    )}
  </dl>`;

/** A column of a table. */
export interface TableColumn {
  readonly title: string;
  readonly align?: 'start' | 'end';
}

/** A table that scrolls sideways by itself where it is wider than the page. The first cell of a row is its heading. */
export const table = (
  caption: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly (string | Markup)[])[],
): Markup => {
  const align = (index: number): string => (columns[index]?.align === 'end' ? 'end' : 'start');
  const cells = (row: readonly (string | Markup)[]) =>
    row.map((cell, index) =>
      index === 0 ? html`<th scope="row">${cell}</th>` : html`<td class="${align(index)}">${cell}</td>`,
    );
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title }, index) => html`<th scope="col" class="${align(index)}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${cells(row)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
};

/** Percent with one digit, within 0 and 100: nothing else reaches a style. */
const percent = (share: number): string =>
  (100 * Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0))).toFixed(1);

/** A share as a bar with its words. */
export const meter = (share: number, words: string, tone: Tone): Markup =>
  html`<span class="meter ${tone}"
    ><span class="track" aria-hidden="true"><span style="width:${percent(share)}%"></span></span
    ><span class="words">${words}</span></span
  >`;

/** A value beside others, as a bar in proportion to the largest. */
export const bar = (value: number, largest: number, words: string): Markup =>
  meter(largest === 0 ? 0 : value / largest, words, 'plain');

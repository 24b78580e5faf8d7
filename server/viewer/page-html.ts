import { createHash } from 'node:crypto';
import type { RemakeView } from '../../video/story/engine/viewer-protocol.ts';

import { localeDirection } from '../../video/story/locale-direction.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (each) => entities[each] ?? each);

/** Markup with its values escaped, in text and in quoted attributes. */
function markup(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.map((part, index) => part + escape(values[index] ?? '')).join('');
}

/** What a page is made from: addresses and the title of the template, nothing about anybody. */
export interface PageContent {
  readonly title: string;
  /** Of the title, as BCP 47 says it. */
  readonly language: string;
  readonly film: string;
  readonly poster: string;
  readonly captions: string;
  /** Whether the film is made anew, and there is nothing to show. */
  readonly remake: RemakeView['state'];
  /** Without them the film alone is shown. */
  readonly player: PageFiles | undefined;
}

/** Paths of a page's own files. */
export interface PageFiles {
  readonly script: string;
  readonly style: string;
}

const head = (title: string, language: string): string => markup`<!doctype html>
<html lang="${language}" dir="${localeDirection(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
`;

const linksTo = ({ script, style }: PageFiles): string => markup`<link rel="stylesheet" href="${style}">
<script type="module" src="${script}"></script>
`;

const filmWords = {
  making: 'This film is being made anew with what was changed. Open the page again in a moment.',
  failed:
    'This film could not be made anew with what was changed. It can be tried again on this page, with scripts allowed.',
} as const;

const filmOf = ({ title, film, poster, captions, remake }: PageContent): string =>
  remake !== 'none'
    ? markup`<p>${filmWords[remake]}</p>`
    : markup`<video controls playsinline preload="none" width="100%" aria-label="${title}" src="${film}" poster="${poster}">` +
      markup`<track kind="captions" srclang="und" label="Captions" src="${captions}"></video>`;

/** The page of a film. Without script it shows the film of somebody who only watches. */
export function writePage(content: PageContent): string {
  const { title, language, player } = content;
  const film = filmOf(content);
  if (player === undefined)
    return `${head(title, language)}</head>\n<body>\n<main>${film}</main>\n</body>\n</html>\n`;
  return `${head(title, language)}${linksTo(player)}</head>\n<body>\n<main><noscript>${film}</noscript></main>\n</body>\n</html>\n`;
}

/** The page behind a link that does not work. */
export function writeNoPage(files: PageFiles): string {
  const title = 'This film cannot be seen here';
  const says = 'The link has expired, was withdrawn or is incomplete. Ask who sent it for a new one.';
  const sorry = `<section class="sorry"><h1>${title}</h1><p>${says}</p></section>`;
  return `${head(title, 'en')}${linksTo(files)}</head>\n<body>\n<main class="viewer">${sorry}</main>\n</body>\n</html>\n`;
}

const unavailableStyle =
  ':root{color-scheme:light dark;font:1.05rem/1.5 system-ui,sans-serif}' +
  'body{display:grid;min-height:90vh;place-items:center;margin:1rem}main{max-width:32rem}' +
  'h1{font-size:1.4rem}a{color:inherit}';

/** What the page of `writeUnavailable` may load: its own style. */
export const unavailablePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(unavailableStyle).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors *`;

/** The page for a film that cannot be shown at the moment. It loads nothing. */
export function writeUnavailable(): string {
  const title = 'This film cannot be shown at the moment';
  const says =
    'Something that we need for it does not answer. Your link still works; please try again in a minute.';
  const page = `<main><h1>${title}</h1><p>${says}</p><p><a href="">Try again</a></p></main>`;
  return `${head(title, 'en')}<style>${unavailableStyle}</style>\n</head>\n<body>\n${page}\n</body>\n</html>\n`;
}

import { createHash } from 'node:crypto';
import { buildPlayer, type BuiltPlayer } from '../video/player/build-player.ts';
import type { PageLanguage } from '../video/story/languages.ts';
import type { RemakeView } from '../video/story/engine/viewer-protocol.ts';
import { localeDirection } from '../video/story/locale-direction.ts';
import { escapeHtml } from '../worker/documents/html.ts';
import { notices } from './page-notices.ts';

/** What a page may load from other origins. */
export interface PageNeeds {
  /** For `style-src`: hashes of styles that the player's parts bring. */
  readonly styleSources: readonly string[];
  /** Origin of the bucket's signed addresses, if it has some. */
  readonly storeOrigin: string | undefined;
  /** Whether other sites may show it in a frame. */
  readonly embedded: boolean;
}

/** The content security policy of a viewer's page: scripts from here alone, and none within the page. */
export function pagePolicy({ styleSources, storeOrigin, embedded }: PageNeeds): string {
  const store = storeOrigin === undefined ? [] : [storeOrigin];
  const directives: Readonly<Record<string, readonly string[]>> = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", ...styleSources],
    'img-src': ["'self'", 'data:', ...store],
    'media-src': ["'self'", 'blob:', 'data:', ...store],
    'connect-src': ["'self'", ...store],
    'font-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': [embedded ? '*' : "'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

let built: Promise<BuiltPlayer> | undefined;

/** The player's files, built at the first request and then kept. */
export function playerAssets(): Promise<BuiltPlayer> {
  built ??= buildPlayer().catch((error: unknown) => {
    built = undefined;
    throw error;
  });
  return built;
}

/** Markup with its values escaped, in text and in quoted attributes. */
function markup(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.map((part, index) => part + escapeHtml(values[index] ?? '')).join('');
}

/** What programs for chat and mail show of a page before anyone has opened it. */
export interface PagePreview {
  readonly description: string;
  /** Address of a picture. It may show a name, so only where the sender allows it. */
  readonly image: string | undefined;
}

/** The content of a page: addresses and the title of the template, nothing personal. */
export interface PageContent {
  readonly title: string;
  /** Of the page's own words. */
  readonly language: PageLanguage;
  readonly preview: PagePreview;
  readonly video: string;
  readonly poster: string;
  readonly captions: string;
  /** Whether the video is being made again, so that there is nothing to show. */
  readonly remake: RemakeView['state'];
  /** Without them the page shows the plain video. */
  readonly player: PageFiles | undefined;
}

/** Paths of a page's own files. */
export interface PageFiles {
  readonly script: string;
  /** The module with the words of the page's language, which the script loads first. */
  readonly words?: string | undefined;
  readonly style: string;
}

const head = (title: string, language: PageLanguage): string => markup`<!doctype html>
<html lang="${language}" dir="${localeDirection(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
`;

const previewOf = (title: string, { description, image }: PagePreview): string =>
  markup`<meta name="description" content="${description}">
<meta property="og:type" content="website">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${description}">
` + (image === undefined ? '' : markup`<meta property="og:image" content="${image}">\n`);

const linksTo = ({ script, words, style }: PageFiles): string =>
  markup`<link rel="stylesheet" href="${style}">\n` +
  (words === undefined ? '' : markup`<link rel="modulepreload" href="${words}">\n`) +
  markup`<script type="module" src="${script}"></script>\n`;

const videoOf = ({ title, language, video, poster, captions, remake }: PageContent): string =>
  remake !== 'none'
    ? markup`<p>${notices[language][remake]}</p>`
    : markup`<video controls playsinline preload="none" width="100%" aria-label="${title}" src="${video}" poster="${poster}">` +
      markup`<track kind="captions" srclang="und" label="${notices[language].captions}" src="${captions}"></video>`;

/** The page of a video. Without scripts it shows the video of a viewer who only watches. */
export function writePage(content: PageContent): string {
  const { title, language, preview, player } = content;
  const video = videoOf(content);
  const start = head(title, language) + previewOf(title, preview);
  if (player === undefined) return `${start}</head>\n<body>\n<main>${video}</main>\n</body>\n</html>\n`;
  return `${start}${linksTo(player)}</head>\n<body>\n<main><noscript>${video}</noscript></main>\n</body>\n</html>\n`;
}

/** The page behind a link that does not work. */
export function writeNoPage(files: PageFiles, language: PageLanguage): string {
  const { goneTitle, gone } = notices[language];
  const sorry = markup`<section class="sorry"><h1>${goneTitle}</h1><p>${gone}</p></section>`;
  return `${head(goneTitle, language)}${linksTo(files)}</head>\n<body>\n<main class="viewer">${sorry}</main>\n</body>\n</html>\n`;
}

const plainStyle =
  ':root{color-scheme:light dark;font:1.05rem/1.5 system-ui,sans-serif}' +
  'body{display:grid;min-height:90vh;place-items:center;margin:1rem}main{max-width:32rem}' +
  'h1{font-size:1.4rem}a{color:inherit}';

/** What the pages of `writeUnavailable` and `writeNoFile` may load: their own style. */
export const plainPolicy = `default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(plainStyle).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors *`;

const plainPage = (title: string, language: PageLanguage, content: string): string =>
  `${head(title, language)}<style>${plainStyle}</style>\n</head>\n<body>\n<main>${markup`<h1>${title}</h1>`}${content}</main>\n</body>\n</html>\n`;

/** The page for a video that is not available at the moment. It loads nothing. */
export function writeUnavailable(language: PageLanguage): string {
  const { laterTitle, later, tryAgain } = notices[language];
  return plainPage(laterTitle, language, markup`<p>${later}</p><p><a href="">${tryAgain}</a></p>`);
}

/** The page behind a link of a file that does not work. It loads nothing. */
export const writeNoFile = (language: PageLanguage): string =>
  plainPage(notices[language].goneTitle, language, markup`<p>${notices[language].gone}</p>`);

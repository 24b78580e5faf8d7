import { createHash } from 'node:crypto';
import { buildPlayer, type BuiltPlayer } from '../video/player/build-player.ts';
import type { RemakeView } from '../video/story/engine/viewer-protocol.ts';
import { localeDirection } from '../video/story/locale-direction.ts';

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

/** The content of a page: addresses and the title of the template, nothing personal. */
export interface PageContent {
  readonly title: string;
  /** Of the title, a BCP 47 tag. */
  readonly language: string;
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
  readonly style: string;
}

const head = (title: string, language: string): string => markup`<!doctype html>
<html lang="${language}" dir="${localeDirection(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
`;

const linksTo = ({ script, style }: PageFiles): string => markup`<link rel="stylesheet" href="${style}">
<script type="module" src="${script}"></script>
`;

const remakeWords = {
  making: 'This film is being made again with your changes. Open the page again in a moment.',
  failed: 'This film could not be made with your changes. Allow scripts to try again on this page.',
} as const;

const videoOf = ({ title, video, poster, captions, remake }: PageContent): string =>
  remake !== 'none'
    ? markup`<p>${remakeWords[remake]}</p>`
    : markup`<video controls playsinline preload="none" width="100%" aria-label="${title}" src="${video}" poster="${poster}">` +
      markup`<track kind="captions" srclang="und" label="Captions" src="${captions}"></video>`;

/** The page of a video. Without scripts it shows the video of a viewer who only watches. */
export function writePage(content: PageContent): string {
  const { title, language, player } = content;
  const video = videoOf(content);
  if (player === undefined)
    return `${head(title, language)}</head>\n<body>\n<main>${video}</main>\n</body>\n</html>\n`;
  return `${head(title, language)}${linksTo(player)}</head>\n<body>\n<main><noscript>${video}</noscript></main>\n</body>\n</html>\n`;
}

/** The page behind a link that does not work. */
export function writeNoPage(files: PageFiles): string {
  const title = 'This film is not available';
  const says = 'The link has expired, was withdrawn or is incomplete. Ask the sender for a new one.';
  const sorry = `<section class="sorry"><h1>${title}</h1><p>${says}</p></section>`;
  return `${head(title, 'en')}${linksTo(files)}</head>\n<body>\n<main class="viewer">${sorry}</main>\n</body>\n</html>\n`;
}

const unavailableStyle =
  ':root{color-scheme:light dark;font:1.05rem/1.5 system-ui,sans-serif}' +
  'body{display:grid;min-height:90vh;place-items:center;margin:1rem}main{max-width:32rem}' +
  'h1{font-size:1.4rem}a{color:inherit}';

/** What the page of `writeUnavailable` may load: its own style. */
export const unavailablePolicy = `default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(unavailableStyle).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors *`;

/** The page for a video that is not available at the moment. It loads nothing. */
export function writeUnavailable(): string {
  const title = 'This film is not available at the moment';
  const says =
    'A service that we need does not answer. Your link is still valid. Please try again in a minute.';
  const page = `<main><h1>${title}</h1><p>${says}</p><p><a href="">Try again</a></p></main>`;
  return `${head(title, 'en')}<style>${unavailableStyle}</style>\n</head>\n<body>\n${page}\n</body>\n</html>\n`;
}

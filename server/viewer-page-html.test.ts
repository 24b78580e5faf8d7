import { expect, it } from 'vitest';
import { writeNoPage, writePage, writeUnavailable } from './viewer-page-html.ts';

const content = {
  title: '<b>"You" & me\'s</b>',
  language: 'en',
  preview: { description: 'A film for <you>', image: undefined },
  video: '/f/film',
  poster: '/f/poster',
  captions: '/f/captions',
  remake: 'none',
  player: { script: '/player/page.js', style: '/player/style.css' },
} as const;

it('shows the film to those without script, and escapes what it is given', () => {
  const page = writePage(content);
  expect(page).toContain('<title>&lt;b&gt;&quot;You&quot; &amp; me&#39;s&lt;/b&gt;</title>');
  expect(page).toContain('<script type="module" src="/player/page.js"></script>\n</head>');
  expect(page).toMatch(
    /<main><noscript><video [^>]*src="\/f\/film" poster="\/f\/poster"><track [^>]*><\/video><\/noscript>/,
  );
});

it('shows the film alone where there is nothing to play, and says when there is no film', () => {
  const page = writePage({ ...content, player: undefined });
  expect(page).toContain('<main><video ');
  expect(page).not.toContain('<script');
  const made = { ...content, player: undefined, video: '', poster: '', captions: '' };
  expect(writePage({ ...made, remake: 'making' })).toContain('<main><p>This film is being made again');
  expect(writePage({ ...made, remake: 'failed' })).toContain(
    '<main><p>This film could not be made with your changes',
  );
  expect(writeNoPage({ script: '/player/gone.js', style: '/player/style.css' }, 'en')).toMatch(
    /<script type="module" src="\/player\/gone.js">[^]*<h1>This film is not available<\/h1>/,
  );
});

it('runs in the direction of its language', () => {
  expect(writePage({ ...content, language: 'ar' })).toContain('<html lang="ar" dir="rtl">');
  expect(writePage(content)).toContain('<html lang="en" dir="ltr">');
});

it('loads the words of its language beside the script, and says in it what no player draws', () => {
  const words = '/player/part-DE.js';
  expect(writePage({ ...content, language: 'de', player: { ...content.player, words } })).toContain(
    `<link rel="modulepreload" href="${words}">\n<script type="module" src="/player/page.js">`,
  );
  const made = { ...content, player: undefined, remake: 'making' } as const;
  expect(writePage({ ...made, language: 'fr' })).toContain('<main><p>Ce film est refait');
  const files = { script: '/player/gone.js', style: '/player/style.css' };
  expect(writeNoPage(files, 'es')).toMatch(/<html lang="es" dir="ltr">[^]*<h1>Este vídeo no está disponible/);
  expect(writeUnavailable('ar')).toMatch(/<html lang="ar" dir="rtl">[^]*<a href="">المحاولة مرة أخرى<\/a>/);
});

it('shows chat and mail programs a title and a description, and a picture if it was given one', () => {
  const page = writePage(content);
  expect(page).toContain(
    '<meta property="og:title" content="&lt;b&gt;&quot;You&quot; &amp; me&#39;s&lt;/b&gt;">',
  );
  expect(page).toContain('<meta property="og:description" content="A film for &lt;you&gt;">');
  expect(page).not.toContain('og:image');
  const image = 'https://video.example.com/f/poster';
  expect(writePage({ ...content, preview: { ...content.preview, image } })).toContain(
    `<meta property="og:image" content="${image}">`,
  );
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const pages = [
  'README.md',
  ...['docs', 'docs/decisions', 'templates']
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { withFileTypes: true }).map((entry) =>
        entry.isDirectory() ? `${folder}/${entry.name}/README.md` : `${folder}/${entry.name}`,
      ),
    )
    .filter((file) => file.endsWith('.md') && existsSync(path.join(root, file))),
];

/** Relative targets of a page's links and pictures, outside of code. */
function linksOf(text: string): readonly string[] {
  const prose = text.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)|<img[^>]+src="([^"]+)"/g)]
    .map(([, link, picture]) => link ?? picture ?? '')
    .filter((target) => !/^[a-z]+:|^#/.test(target));
}

describe('links between pages', () => {
  it.each(pages)('%s leads somewhere', (page) => {
    const text = readFileSync(path.join(root, page), 'utf8');
    const broken = linksOf(text).filter(
      (target) => !existsSync(path.join(root, path.dirname(page), target.split('#')[0] ?? '')),
    );
    expect(broken).toEqual([]);
  });

  it('reach every decision from its index', () => {
    const folder = path.join(root, 'docs/decisions');
    const notes = readdirSync(folder).filter((file) => /^\d{4}-.*[.]md$/.test(file));
    expect(linksOf(readFileSync(path.join(folder, 'README.md'), 'utf8'))).toEqual(
      expect.arrayContaining(notes),
    );
  });

  it('are read from prose only', () => {
    expect(linksOf('[a](b.md#c) `[d](e)` <img src="f.png"> [g](https://h) ![i](j.png)')).toEqual([
      'b.md#c',
      'f.png',
      'j.png',
    ]);
  });
});

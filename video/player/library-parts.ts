import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Plugin } from 'esbuild';

/** Modules that the library's controller loads and this page never shows, with what stands for them. */
const leftOut: Readonly<Record<string, string>> = {
  'media-keyboard-shortcuts-dialog.js': 'export const getHotkeyToken = ({ key }) => key;',
  'media-preview-chapter-display.js': '',
};

/** Leaves out of the control library what the page never shows. */
export const lightControls: Plugin = {
  name: 'light-controls',
  setup(build) {
    build.onLoad({ filter: /[\\/]media-chrome[\\/]dist[\\/]media-[a-z-]+\.js$/ }, ({ path: file }) => {
      const contents = leftOut[path.basename(file)];
      return contents === undefined ? undefined : { contents, loader: 'js' };
    });
  },
};

/** Texts of all `<style>` elements that a part of the library puts into its shadow tree. */
function stylesOf(part: unknown): readonly string[] {
  if (typeof part !== 'function') return [];
  const styles: string[] = [];
  for (const name of Object.getOwnPropertyNames(part).filter((each) => each.endsWith('TemplateHTML'))) {
    const make: unknown = Reflect.get(part, name);
    const html: unknown = typeof make === 'function' ? Reflect.apply(make, part, [{}, {}]) : '';
    for (const [, text = ''] of String(html).matchAll(/<style>([\s\S]*?)<\/style>/g)) styles.push(text);
  }
  return styles;
}

/**
 * Sources for `style-src` that allow the style sheets of these modules of the control library, and no
 * others: the library writes them as `<style>` elements, which a strict policy refuses unless it knows them.
 *
 * @param modules paths as a bundler reports them.
 */
export async function styleSources(modules: readonly string[]): Promise<readonly string[]> {
  const names = modules
    .map((module) => path.basename(module))
    .filter((name, index) => modules[index]?.includes('media-chrome/dist/media-') === true);
  const loaded = await Promise.all(
    [...new Set(names)]
      .filter((name) => name.startsWith('media-') && leftOut[name] === undefined && name !== 'media-store.js')
      .map((name) => import(`media-chrome/dist/${name}`) as Promise<object>),
  );
  const styles = loaded.flatMap((module): unknown[] => Object.values(module)).flatMap(stylesOf);
  return [
    ...new Set(styles.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)),
  ].sort();
}

import '@fontsource-variable/arimo';
import '@fontsource/cousine/400.css';
import '@fontsource/cousine/700.css';
import '@fontsource/tinos/400.css';
import '@fontsource/tinos/400-italic.css';
import '@fontsource/tinos/700.css';
import type { ReactNode } from 'react';
import { fallbackFamilies } from './coverage.ts';

const serif = /^(?:ui-)?serif$|times|georgia|garamond|palatino|cambria|baskerville/i;
const monospace = /^(?:ui-)?monospace$|courier|consolas|menlo|monaco|mono$/i;

/** A bundled family in place of one that systems have: as wide as Arial, Times New Roman and Courier New. */
function familyFor(families: readonly string[]): string {
  for (const family of families) {
    if (monospace.test(family)) return 'Cousine';
    if (serif.test(family) && !/sans/i.test(family)) return 'Tinos';
  }
  return 'Arimo Variable';
}

const isDeclared = (family: string): boolean =>
  [...document.fonts].some((face) => face.family.replaceAll(/["']/g, '') === family);

const attribute = 'data-system-fonts';

/**
 * Replaces system fonts in what it contains by bundled ones, so that frames are the same on every machine: families
 * that no style sheet declares are left out, and bundled families for all scripts follow.
 */
export function SystemFonts({ children }: { readonly children: ReactNode }) {
  return (
    <div {...{ [attribute]: '' }} style={{ display: 'contents' }}>
      {children}
    </div>
  );
}

/** The CSS `font-family` for an element inside `SystemFonts`; `undefined` if it needs no change. */
export function bundledFamilies(element: Element, families: readonly string[]): string | undefined {
  if (element.closest(`[${attribute}]`) === null) return undefined;
  const fallback = fallbackFamilies(document.documentElement.lang);
  if (families.includes(fallback[0] ?? '')) return undefined;
  const all = [...families.filter(isDeclared), familyFor(families), ...fallback];
  return [...new Set(all)].map((family) => `'${family}'`).join(', ');
}

import type { Cuts } from '../video/story/scene.ts';
import { keyOf, quoted } from './import-template.ts';

/** Cuts as a property of a template's source. */
export function cutsSource(cuts: Cuts, indent = '  '): string {
  const scenes = Object.entries(cuts).map(([scene, parts = []]) => {
    const lines = parts.map(
      ({ until, reads }) =>
        `${indent}${indent}${indent}{ until: ${until}, reads: [${reads.map(quoted).join(', ')}] },\n`,
    );
    return `${indent}${indent}${keyOf(scene)}: [\n${lines.join('')}${indent}${indent}],\n`;
  });
  return `${indent}cuts: {\n${scenes.join('')}${indent}},\n`;
}

/**
 * A contract's source with other cuts: in place of those that it has, else at the end of its `defineTemplate`.
 *
 * @returns `undefined` if there is no `defineTemplate` that ends on a line of its own.
 */
export function writeCuts(source: string, cuts: Cuts): string | undefined {
  const start = source.search(/\bdefineTemplate\(\{\r?\n/);
  if (start < 0) return undefined;
  const end = source.slice(start).search(/^\}\);?\r?$/m);
  if (end < 0) return undefined;
  const before = source.slice(0, start);
  const body = source
    .slice(start, start + end)
    .replace(/^ {2}cuts: \{\r?\n(?: {4}.*\r?\n)* {2}\},\r?\n/m, '');
  return `${before}${body}${cutsSource(cuts)}${source.slice(start + end)}`;
}

import type { ErasureReceipt } from '../../../story/engine/known.ts';
import { make } from '../dom.ts';
import { privacyWords as words } from './privacy-words.ts';

const kindNames: Readonly<Record<string, string>> = words.kinds;

/** What a viewer is told after everything was erased. */
export function drawReceipt({ id, erasedAt, erased }: ErasureReceipt): HTMLElement {
  const rows: readonly (readonly [string, string])[] = [
    [words.receipt, id],
    [words.at, new Date(erasedAt).toLocaleString()],
    ...Object.entries(erased).flatMap(([kind, count]) =>
      count === 0 ? [] : [[kindNames[kind] ?? kind, String(count)] as const],
    ),
  ];
  return make(
    'section',
    { class: 'sorry receipt', tabindex: -1, role: 'status' },
    make('h2', {}, words.erasedTitle),
    make('p', {}, words.erased),
    make('dl', {}, ...rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)])),
  );
}

import { readFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';

/** A place in a script of the bundle, as stacks name it. */
const bundled = /https?:\/\/127\.0\.0\.1:\d+\/([\w.-]+\.js):(\d+):(\d+)/g;

/** Sources of the project itself; packages and what the bundler adds have other names. */
const isOwn = (source: string): boolean => source.startsWith('./') && !source.includes('/node_modules/');

async function readMap(file: string): Promise<SourceMap | undefined> {
  try {
    return new SourceMap(JSON.parse(await readFile(file, 'utf8')) as SourceMapPayload);
  } catch {
    // A bundle without maps: the message has no place then.
    return undefined;
  }
}

/**
 * The first place in a stack that is in a template, or else in another source of the project, as `file:line`.
 *
 * @param trace a stack of the page, with places in the bundle.
 * @param bundle its folder, with source maps.
 */
export async function findOwnPlace(trace: string, bundle: string): Promise<string | undefined> {
  const maps = new Map<string, SourceMap | undefined>();
  let other: string | undefined;
  for (const [, script = '', line = '', column = ''] of trace.matchAll(bundled)) {
    if (!maps.has(script)) maps.set(script, await readMap(path.join(bundle, `${script}.map`)));
    const entry = maps.get(script)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry === undefined || !('originalSource' in entry) || !isOwn(entry.originalSource)) continue;
    const place = `${entry.originalSource.slice(2)}:${entry.originalLine + 1}`;
    if (/(?:^|\/)templates\//.test(place)) return place;
    other ??= place;
  }
  return other;
}

import { readFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';

/** A place in a script of the bundle, as stacks name it. */
const bundled = /https?:\/\/127\.0\.0\.1:\d+\/([\w.-]+\.js):(\d+):(\d+)/g;

async function readMap(file: string): Promise<SourceMap | undefined> {
  try {
    return new SourceMap(JSON.parse(await readFile(file, 'utf8')) as SourceMapPayload);
  } catch {
    // A bundle without maps: the message has no place then.
    return undefined;
  }
}

interface Places {
  /** The bundle's folder, with source maps. */
  readonly bundle: string;
  /** To which sources in the maps are relative. */
  readonly root: string;
  /** Of the templates; absolute. */
  readonly folders: readonly string[];
}

/**
 * The first place in a stack that is in a template, or else in another source, as `file:line`. Files of a template are
 * named as seen from the folder that contains `templates/`.
 *
 * @param trace a stack of the page, with places in the bundle.
 */
export async function findOwnPlace(
  trace: string,
  { bundle, root, folders }: Places,
): Promise<string | undefined> {
  const maps = new Map<string, SourceMap | undefined>();
  let other: string | undefined;
  for (const [, script = '', line = '', column = ''] of trace.matchAll(bundled)) {
    if (!maps.has(script)) maps.set(script, await readMap(path.join(bundle, `${script}.map`)));
    const entry = maps.get(script)?.findEntry(Number(line) - 1, Number(column) - 1);
    // What the bundler adds has other names.
    if (entry === undefined || !('originalSource' in entry) || !/^\.{0,2}\//.test(entry.originalSource))
      continue;
    const file = path.resolve(root, entry.originalSource);
    const folder = folders.find((each) => file.startsWith(each + path.sep));
    const named = path.relative(folder === undefined ? root : path.resolve(folder, '../..'), file);
    const isOwn = file.startsWith(path.join(root, path.sep));
    if (folder === undefined && /[\\/]node_modules[\\/]/.test(isOwn ? named : file)) continue;
    const place = `${named.split(path.sep).join('/')}:${entry.originalLine + 1}`;
    if (folder !== undefined) return place;
    other ??= place;
  }
  return other;
}

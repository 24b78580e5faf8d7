import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, appendFile, constants, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Client, Render } from '../../client/api-client.ts';
import { answerLost, ApiError } from '../../client/transport.ts';
import { BespokeError, hasCode } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { makeFolder } from '../../worker/adapters/store/make-folder.ts';
import { isMissing, isOfThisDisk, storageError } from '../../worker/adapters/store/storage-error.ts';

/** A folder in the output with the state for a later run. */
export const stateFolder = '.bespoke-batch';

/** Where each file of a video is in the output. */
const places = {
  video: { folder: 'videos', extension: 'mp4' },
  poster: { folder: 'posters', extension: 'jpg' },
  teaser: { folder: 'teasers', extension: 'gif' },
  captions: { folder: 'captions', extension: 'vtt' },
} as const;

type Part = keyof typeof places;
const parts = Object.keys(places) as readonly Part[];

/** The path of a file in the output, with forward slashes. */
export const exportedPath = (part: Part, fileName: string): string =>
  `${places[part].folder}/${fileName}.${places[part].extension}`;

const lineSchema = z.object({ file: z.string(), content: z.string(), campaign: z.string() });

/** What the output has of a row, and the campaign that it came from. */
type Held = Pick<z.output<typeof lineSchema>, 'content' | 'campaign'>;

/** A folder that receives the files of a campaign's videos. */
export interface Exports {
  /** Absolute. */
  readonly folder: string;
  /** What the output has under a name, if all of its files exist. */
  readonly held: (fileName: string) => Promise<Held | undefined>;
  /**
   * Downloads the files of a done row, each completely or not at all, once all of them exist.
   *
   * @returns the render at that time.
   */
  readonly put: (render: Render, signal: AbortSignal) => Promise<Render>;
}

/** A line that is incomplete, because a run was killed, is ignored. */
function readLines(text: string): ReadonlyMap<string, Held> {
  const held = new Map<string, Held>();
  for (const line of text.split('\n')) {
    try {
      const { file, ...rest } = lineSchema.parse(JSON.parse(line));
      held.set(file, rest);
    } catch {
      continue;
    }
  }
  return held;
}

const isReadable = (file: string): Promise<boolean> =>
  access(file, constants.R_OK).then(
    () => true,
    () => false,
  );

const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** Names that only a batch gives its temporary files. The output can be a folder with files of the user. */
const temporaryNames = {
  output: /^\.(results|failed)\.csv\.[0-9a-f]{12}\.partial$/,
  state: new RegExp(`^(\\..+\\.${uuid}\\.part|input-${uuid}\\.csv)$`),
};
/** A temporary file that has not changed for so long was left by a killed run. */
export const abandonedAfterMs = 60 * 60 * 1000;

/** Removes temporary files of killed runs. */
async function sweep(folder: string, temporaryName: RegExp, now: number): Promise<void> {
  for (const name of (await readdir(folder)).filter((each) => temporaryName.test(each))) {
    const file = path.join(folder, name);
    const touched = await stat(file).catch(() => undefined);
    if (touched !== undefined && now - touched.ctimeMs > abandonedAfterMs) await rm(file, { force: true });
  }
}

const mostTries = 5;

/**
 * Downloads one file. When the connection is lost in the middle or the server fails, it starts again: the client
 * repeats only what did not answer or was overloaded.
 *
 * @param unfinished the folder, on the same disk, for what has not arrived whole.
 */
async function download(
  client: Client,
  link: string,
  target: string,
  signal: AbortSignal,
  unfinished = path.dirname(target),
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const temporary = path.join(unfinished, `.${path.basename(target)}.${randomUUID()}.part`);
    try {
      const response = await client.getFile(link, { signal });
      const body = Readable.fromWeb(response.body as unknown as ReadableStream);
      await pipeline(body, createWriteStream(temporary), { signal });
      await rename(temporary, target);
      return;
    } catch (error) {
      await rm(temporary, { force: true });
      signal.throwIfAborted();
      if (isOfThisDisk(error)) throw storageError(error, path.dirname(target));
      const isLost = !(error instanceof BespokeError);
      const hasFailed = error instanceof ApiError && error.status === 500;
      if ((!isLost && !hasFailed) || tries === mostTries) throw isLost ? answerLost(error) : error;
      await sleep(200 * tries, undefined, { signal });
    }
  }
}

/** Pictures follow their video within a second as a rule. */
const firstLookMs = 40;
const rareLookMs = 500;

/** The render when its pictures exist or have failed. */
async function untilComplete(client: Client, render: Render, signal: AbortSignal): Promise<Render> {
  let now = render;
  let pauseMs = firstLookMs;
  while (now.status.state === 'done' && now.status.coming.length > 0) {
    await sleep(pauseMs, undefined, { signal });
    pauseMs = Math.min(pauseMs * 1.5, rareLookMs);
    now = await client.getRender(render.id, { signal });
  }
  return now;
}

/** The render once it is done again: a video whose file is missing from the store is joined again. */
async function untilDone(client: Client, id: string, signal: AbortSignal): Promise<Render> {
  for await (const render of client.watchRender(id, { signal })) {
    if (render.status.state === 'done' && render.links.video !== undefined) {
      return untilComplete(client, render, signal);
    }
  }
  throw errors.filesGone({ render: id });
}

/**
 * Opens the output of a batch.
 *
 * @param now milliseconds; for tests.
 * @throws BespokeError `directory-not-writable` when the folder cannot be created or written to, `disk-full`.
 */
export async function openExports(directory: string, client: Client, now = Date.now()): Promise<Exports> {
  const folder = path.resolve(directory);
  const journal = path.join(folder, stateFolder, 'exports.jsonl');
  const folders = [...parts.map((part) => places[part].folder), stateFolder].map((name) =>
    path.join(folder, name),
  );
  let known: Map<string, Held>;
  try {
    for (const each of folders) {
      await makeFolder(each);
      await access(each, constants.W_OK);
    }
    await sweep(folder, temporaryNames.output, now);
    await sweep(path.join(folder, stateFolder), temporaryNames.state, now);
    const text = await readFile(journal, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw error;
    });
    known = new Map(readLines(text));
  } catch (error) {
    throw storageError(error, folder);
  }
  const fileOf = (part: Part, fileName: string): string => path.join(folder, exportedPath(part, fileName));

  async function putFiles(render: Render, fileName: string, signal: AbortSignal): Promise<boolean> {
    const missing: Part[] = [];
    for (const part of parts) {
      const link = render.links[part];
      const target = fileOf(part, fileName);
      if (link !== undefined) {
        await download(client, link, target, signal, path.join(folder, stateFolder));
        continue;
      }
      // An earlier picture would show another video.
      missing.push(part);
      await rm(target, { force: true });
    }
    return missing.length === 0;
  }

  return {
    folder,
    held: async (fileName) => {
      const found = known.get(fileName);
      if (found === undefined) return undefined;
      const there = await Promise.all(parts.map((part) => isReadable(fileOf(part, fileName))));
      return there.every(Boolean) ? found : undefined;
    },
    put: async (render, signal) => {
      const { id: campaign = render.id, fileName = render.id } = render.campaign ?? {};
      let whole: boolean | undefined;
      let made = await untilComplete(client, render, signal);
      for (let tries = 1; whole === undefined; tries += 1) {
        try {
          whole = await putFiles(made, fileName, signal);
        } catch (error) {
          if (!isMadeAgain(error) || tries === mostTries) throw error;
          made = await untilDone(client, render.id, signal);
        }
      }
      if (!whole || made.content === undefined) return made;
      const held: Held = { content: made.content, campaign };
      known.set(fileName, held);
      try {
        await appendFile(journal, `${JSON.stringify({ file: fileName, ...held })}\n`);
      } catch (error) {
        throw storageError(error, folder);
      }
      return made;
    },
  };
}

/** Whether a video that was done may be done again soon: it was changed, or planned again. */
const isMadeAgain = (error: unknown): boolean =>
  hasCode(error, 'link-unknown') || hasCode(error, 'film-in-making');

/** @throws BespokeError `link-unknown` when its links were withdrawn. */
function videoOf({ id, links }: Render): string {
  if (links.video === undefined) throw errors.filesGone({ render: id });
  return links.video;
}

/**
 * Downloads a single video to a file.
 *
 * @throws BespokeError `directory-not-writable`, `disk-full`, `link-unknown`, `server-unreachable`.
 */
export async function exportVideo(
  client: Client,
  render: Render,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await download(client, videoOf(render), file, signal);
  } catch (error) {
    if (!isMadeAgain(error)) throw error;
    await download(client, videoOf(await untilDone(client, render.id, signal)), file, signal);
  }
}

/**
 * Checks that a single video can be written to its file.
 *
 * @throws BespokeError `directory-not-writable`.
 */
export async function requireTarget(file: string): Promise<void> {
  const folder = path.dirname(file);
  const present = await stat(file).catch(() => undefined);
  if (present?.isDirectory() === true) throw errors.targetIsFolder({ file });
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    throw errors.folderNotWritable({ folder, exists: !isMissing(error) }, { cause: error });
  }
}

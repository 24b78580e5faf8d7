import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import type { Registry, RegistryEntry } from '../../video/story/registry.ts';
import { withScratch } from '../core/jobs/with-scratch.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { soundFilesOf } from '../core/template-sounds.ts';

/** Raised when sounds are encoded otherwise, so that names never stand for two files. */
const encoderVersion = 1;

const count = z.number().nonnegative().optional();

/** How a sound is played, as its address says it. */
const playedSchema = z.strictObject({
  trim: z.strictObject({ from: count, to: count }).optional(),
  fadeInInFrames: count,
  fadeOutInFrames: count,
  loopInFrames: count,
  fps: z.number(),
});
type Played = z.infer<typeof playedSchema>;

/** Music and scene sounds as players load them: trimmed, repeated and faded already. */
export interface Sounds {
  /** Hashes of what a template may play, by file of its `sounds/`. */
  readonly hashes: (entry: RegistryEntry) => Promise<ReadonlyMap<string, string>>;
  /** The public address of a sound, below `/s/`; the file is made at the first request. */
  readonly address: (hash: string, played: Played) => string;
  /** Begins to make a template's sounds that were never made. A failure is reported to the one who asks for the sound. */
  readonly warm: (entry: RegistryEntry) => void;
  /**
   * A local path of the sound of a public name, made now if it never was; `undefined` for another name.
   *
   * @param played of its address. A name is made of it too, so nobody else can have sounds made.
   */
  readonly find: (name: string, played?: string) => Promise<string | undefined>;
}

/** What an address says of how a sound is played; `undefined` where it is played as it is. */
function readPlayed(text: string | undefined): Played | undefined {
  try {
    return text === undefined ? undefined : playedSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Encodes each sound once for a deployment. */
export function createSounds(pipeline: Pick<Pipeline, 'registry' | 'hmac' | 'media' | 'store'>): Sounds {
  const { registry, hmac, media, store } = pipeline;
  const making = new Map<string, Promise<void>>();

  async function hashes(entry: RegistryEntry): Promise<ReadonlyMap<string, string>> {
    const directory = fileURLToPath(entry.directory);
    const hashed = (await soundFilesOf(entry, media)).map(
      async (file) => [file, await media.soundHash(directory, file)] as const,
    );
    return new Map(await Promise.all(hashed));
  }

  const nameOf = (hash: string, played: Played | undefined): string =>
    `${hmac('sound', { hash, encoderVersion, ...(played !== undefined && { played }) })}.m4a`;

  function address(hash: string, { fps, ...played }: Played): string {
    if (Object.values(played).every((each) => each === undefined)) return nameOf(hash, undefined);
    const text = canonicalJson({ ...played, fps });
    return `${nameOf(hash, readPlayed(text))}?played=${encodeURIComponent(text)}`;
  }

  async function sourceOf(
    name: string,
    played: Played | undefined,
    templates: Registry,
  ): Promise<{ readonly directory: string; readonly file: string } | undefined> {
    for (const entry of templates) {
      for (const [file, hash] of await hashes(entry)) {
        if (nameOf(hash, played) === name) return { directory: fileURLToPath(entry.directory), file };
      }
    }
    return undefined;
  }

  function make(
    name: string,
    { directory, file }: { directory: string; file: string },
    played: Played | undefined,
  ): Promise<void> {
    const begun = making.get(name);
    if (begun !== undefined) return begun;
    const made = withScratch(store, 'm4a', async (scratch) => {
      await media.sound(path.join(directory, 'sounds', file), scratch, played);
      await store.publish('sounds', name, scratch);
    }).finally(() => making.delete(name));
    making.set(name, made);
    return made;
  }

  async function find(name: string, text?: string): Promise<string | undefined> {
    if (!/^[0-9a-f]{64}\.m4a$/.test(name)) return undefined;
    if (!(await store.has('sounds', name))) {
      const played = readPlayed(text);
      const source = await sourceOf(name, played, registry);
      if (source === undefined) return undefined;
      await make(name, source, played);
    }
    return store.fetch('sounds', name);
  }

  async function makeAll(entry: RegistryEntry): Promise<void> {
    for (const hash of (await hashes(entry)).values()) await find(nameOf(hash, undefined));
  }

  return { hashes, address, find, warm: (entry) => void makeAll(entry).catch(() => undefined) };
}

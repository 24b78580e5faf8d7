import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Registry, RegistryEntry } from '../../video/story/registry.ts';
import { withScratch } from '../core/jobs/with-scratch.ts';
import type { Pipeline } from '../core/pipeline.ts';

/** Raised when sounds are encoded otherwise, so that names never stand for two files. */
const encoderVersion = 1;

/** Music and scene sounds as players load them. */
export interface Sounds {
  /** Public names by file of the template's `sounds/`; the files are made at the first request. */
  readonly names: (entry: RegistryEntry) => Promise<ReadonlyMap<string, string>>;
  /** Begins to make a template's sounds that were never made. A failure is reported to the one who asks for the sound. */
  readonly warm: (entry: RegistryEntry) => void;
  /** A local path of the sound of a public name, made now if it never was; `undefined` for another name. */
  readonly find: (name: string) => Promise<string | undefined>;
}

function filesOf({ template }: RegistryEntry): readonly string[] {
  const files = Object.values(template.scenes).flatMap((scene) => scene.sounds.map(({ file }) => file));
  return [...new Set([...files, ...(template.soundtrack === undefined ? [] : [template.soundtrack.file])])];
}

/** Encodes each sound once for a deployment. */
export function createSounds(pipeline: Pick<Pipeline, 'registry' | 'hmac' | 'media' | 'store'>): Sounds {
  const { registry, hmac, media, store } = pipeline;
  const making = new Map<string, Promise<void>>();

  async function names(entry: RegistryEntry): Promise<ReadonlyMap<string, string>> {
    const directory = fileURLToPath(entry.directory);
    const named = filesOf(entry).map(async (file) => {
      const hash = await media.soundHash(directory, file);
      return [file, `${hmac('sound', { hash, encoderVersion })}.m4a`] as const;
    });
    return new Map(await Promise.all(named));
  }

  async function sourceOf(
    name: string,
    templates: Registry,
  ): Promise<{ readonly directory: string; readonly file: string } | undefined> {
    for (const entry of templates) {
      for (const [file, each] of await names(entry)) {
        if (each === name) return { directory: fileURLToPath(entry.directory), file };
      }
    }
    return undefined;
  }

  function make(name: string, { directory, file }: { directory: string; file: string }): Promise<void> {
    const begun = making.get(name);
    if (begun !== undefined) return begun;
    const made = withScratch(store, 'm4a', async (scratch) => {
      await media.sound(path.join(directory, 'sounds', file), scratch);
      await store.publish('sounds', name, scratch);
    }).finally(() => making.delete(name));
    making.set(name, made);
    return made;
  }

  async function find(name: string): Promise<string | undefined> {
    if (!/^[0-9a-f]{64}\.m4a$/.test(name)) return undefined;
    if (!(await store.has('sounds', name))) {
      const source = await sourceOf(name, registry);
      if (source === undefined) return undefined;
      await make(name, source);
    }
    return store.fetch('sounds', name);
  }

  async function makeAll(entry: RegistryEntry): Promise<void> {
    for (const name of (await names(entry)).values()) await find(name);
  }

  return { names, find, warm: (entry) => void makeAll(entry).catch(() => undefined) };
}

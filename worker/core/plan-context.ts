import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { errors } from '../../errors/messages.ts';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import type { Format } from '../../video/story/format.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import type { Template } from '../../video/story/template.ts';
import type { Pipeline } from './pipeline.ts';
import type { PlanContext } from './plan-render.ts';
import type { Encoding, Renderer } from './ports.ts';
import { createSpeechBook, identifyVoice, type SpeechBook, type SpeechPipeline } from './speech.ts';
import { soundFilesOf } from './template-sounds.ts';
import { agreedEngine } from './workers.ts';

async function hashSound(
  media: Pipeline['media'],
  { template, directory }: RegistryEntry,
  file: string,
): Promise<readonly [file: string, hash: string]> {
  try {
    return [file, await media.soundHash(fileURLToPath(directory), file)];
  } catch (cause) {
    throw errors.templateSoundUnreadable({ file, template: template.id }, { cause });
  }
}

type Code = Required<Pick<PlanContext, 'codeHashes' | 'soundHashes'>>;

/** The code, sounds, voice and engine that every key of a template depends on. */
export type TemplateCode = Code & Pick<PlanContext, 'engineVersion'> & TemplateVoice;

/** The voice of a template that speaks, and a book for what it says. */
type TemplateVoice = Pick<PlanContext, 'voice' | 'speak'> & { readonly book?: SpeechBook };

type Known = Pick<Pipeline, 'renderer' | 'media' | 'workers'> & SpeechPipeline;

/** Identifies the code of a scene, or of both of a transition, and which of their frames are shown. */
export async function sceneCode(
  { codeHash }: Pick<Renderer, 'codeHash'>,
  { id, scenes }: Pick<Template, 'id' | 'scenes'>,
  scene: string,
): Promise<string> {
  const { part, transition } = scenes[scene] ?? {};
  if (transition !== undefined) {
    const { leaving, entering, frames, presentation, timing, props } = transition;
    const both = await codeHash(id, { leaving: leaving.name, entering: entering.name, presentation });
    const how = createHash('sha256').update(canonicalJson({ presentation, timing, props })).digest('hex');
    return `${both}-${frames}-${how.slice(0, 16)}`;
  }
  if (part === undefined) return codeHash(id, scene);
  return `${await codeHash(id, part.scene)}-${part.before}-${part.after}`;
}

async function readTemplateCode(
  { renderer, media }: Pick<Pipeline, 'renderer' | 'media'>,
  entry: RegistryEntry,
): Promise<Code> {
  const { template } = entry;
  const sounds = await soundFilesOf(entry, media);
  const [codeHashes, soundHashes] = await Promise.all([
    Promise.all(
      Object.keys(template.scenes).map(
        async (scene) => [scene, await sceneCode(renderer, template, scene)] as const,
      ),
    ),
    Promise.all(sounds.map((file) => hashSound(media, entry, file))),
  ]);
  return { codeHashes: new Map(codeHashes), soundHashes: new Map(soundHashes) };
}

async function openBook(pipeline: SpeechPipeline, { template }: RegistryEntry): Promise<TemplateVoice> {
  const voice = await identifyVoice(pipeline, template);
  if (voice === undefined) return {};
  const book = createSpeechBook(pipeline, voice);
  return { voice, book, speak: book.speak };
}

/**
 * Reads a template's code when it is first needed and remembers it: code that changes while a
 * process runs is not drawn by it either. The engine is read each time, since workers may be given another
 * one while this process runs.
 *
 * @returns a function that throws as `createPlanContext` does, and then tries again the next time.
 */
export function rememberTemplateCode(pipeline: Known): (entry: RegistryEntry) => Promise<TemplateCode> {
  const known = new Map<string, Promise<Code>>();
  const read = (entry: RegistryEntry): Promise<Code> => {
    // A template has other scenes where a cut of it was withdrawn.
    const id = [entry.template.id, ...Object.keys(entry.template.scenes)].join(' ');
    const remembered = known.get(id);
    if (remembered !== undefined) return remembered;
    const reading = readTemplateCode(pipeline, entry);
    known.set(id, reading);
    reading.catch(() => known.delete(id));
    return reading;
  };
  return async (entry) => {
    const [code, engineVersion, voice] = await Promise.all([
      read(entry),
      agreedEngine(pipeline),
      openBook(pipeline, entry),
    ]);
    return { ...code, engineVersion, ...voice };
  };
}

/**
 * Collects, once per run, what every key of a template depends on.
 *
 * @throws BespokeError `template-invalid` when a sound that the template names is not there, `engine-unknown` when no
 * worker has started yet, `speech-unset` when the template needs a voice and there is none.
 */
export async function createPlanContext(
  pipeline: Known,
  entry: RegistryEntry,
  choice: { readonly format: Format; readonly encoding: Encoding; readonly asOf: string },
): Promise<PlanContext & TemplateVoice> {
  const [code, engineVersion, voice] = await Promise.all([
    readTemplateCode(pipeline, entry),
    agreedEngine(pipeline),
    openBook(pipeline, entry),
  ]);
  return { template: entry.template, ...choice, ...code, engineVersion, ...voice };
}

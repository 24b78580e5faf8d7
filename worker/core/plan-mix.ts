import type { Variables } from '../../video/story/engine/condition.ts';
import { type Mix, pathMix, sceneSounds } from '../../video/story/path.ts';
import { templateFailed } from '../../video/story/template-code.ts';
import type { Template } from '../../video/story/template.ts';
import { type BoundScene, codeOf } from '../../video/story/time-scene.ts';

/** Plans what paths of a template sound like. */
export interface Mixer {
  /** @param facts of the record. @throws BespokeError `template-failed`, also for a file that is not there. */
  readonly mixOf: (path: readonly BoundScene[], facts: Variables) => Mix;
  /** Hashes of the files that a mix plays. */
  readonly hashesOf: (mix: Mix) => Readonly<Record<string, string | undefined>>;
  /** Whether a record decides more of a video's sound than which scenes it shows, and for how long. */
  readonly isChosen: boolean;
  /** Whether a scene speaks, or chooses what it plays. */
  readonly isVoiced: boolean;
}

/** @param soundHashes of all files that may be played; unset: nothing is mixed. */
export function createMixer(template: Template, soundHashes: ReadonlyMap<string, string> | undefined): Mixer {
  const { soundtrack } = template;
  const scenes = Object.values(template.scenes);
  const choosesSounds = scenes.some(({ sounds }) => typeof sounds === 'function');

  const hashesOf: Mixer['hashesOf'] = ({ soundtrack: music, sounds }) =>
    Object.fromEntries(
      [...sounds, ...(music === undefined ? [] : [music])].map(
        ({ file }) => [file, soundHashes?.get(file)] as const,
      ),
    );

  return {
    hashesOf,
    isChosen: typeof soundtrack === 'function' || soundtrack?.underSpeech !== undefined || choosesSounds,
    isVoiced: choosesSounds || scenes.some(({ speech }) => speech !== undefined),
    mixOf: (path, facts) => {
      const mix = pathMix(template, path, facts);
      if (soundHashes === undefined) return mix;
      if (Object.values(hashesOf(mix)).every((hash) => hash !== undefined)) return mix;
      const missing = (bound: BoundScene) =>
        sceneSounds(template, bound).find(({ file }) => !soundHashes.has(file));
      const scene = path.find(missing);
      const subject =
        scene === undefined
          ? `The soundtrack of template "${template.id}"`
          : codeOf(scene.node, scene.scene, scene.personal).subject;
      // A name that a record chose may tell about it.
      const file = scene?.personal === false ? JSON.stringify(missing(scene)?.file) : 'a file';
      const what = `plays ${file}, which is not in the template’s folder "sounds"`;
      throw templateFailed(subject, what, 'Correct the function that chose it, or add the file.');
    },
  };
}

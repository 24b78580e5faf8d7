import { defineError, didYouMean, list } from './define-error.ts';

/** Steps of `--path`, and of `path` in requests. */
const path = {
  stepOfUnknownNode: defineError(
    'path-invalid',
    (facts: { readonly step: string; readonly node: string; readonly nearest: string | undefined }) => {
      const guess = didYouMean(facts.nearest === undefined ? undefined : `"${facts.nearest}"`);
      return `Step "${facts.step}" of the path: the story has no node "${facts.node}".${guess}`;
    },
  ),
  stepImpossible: defineError(
    'path-invalid',
    (facts: {
      readonly node: string;
      readonly choice: string;
      /** Whether the node has the choice, but this record locks it. */
      readonly disabled: boolean;
      readonly nearest: string | undefined;
      readonly enabled: readonly string[];
    }) => {
      const { node, choice, disabled, nearest, enabled } = facts;
      const why = disabled ? 'is not enabled there for this record' : 'is not a choice there';
      const guess = didYouMean(nearest === undefined ? undefined : `"${nearest}"`);
      const takes = enabled.length === 0 ? 'The node has no enabled choices.' : `It takes ${list(enabled)}.`;
      return `At node "${node}" the path takes "${choice}", which ${why}.${guess} ${takes}`;
    },
  ),
  /** The answer may be personal, so the message does not repeat it. */
  stepAnswerInvalid: defineError(
    'path-invalid',
    ({ node, problem, takes }: { readonly node: string; readonly problem: string; readonly takes: string }) =>
      `At form "${node}" the path gives an answer that ${problem}. It takes ${takes}.`,
  ),
  stepUnused: defineError(
    'path-invalid',
    ({ step, type, node }: { readonly step: string; readonly type: string; readonly node: string }) =>
      `Step "${step}" of the path was not used: the story reached its ${type} "${node}" first.`,
  ),
};

/** A scene that was being drawn. */
export interface DrawnScene {
  readonly template: string;
  readonly scene: string;
  /** The frame that was requested last; `undefined` before the first one. */
  readonly frame: number | undefined;
  /** Where in the template's sources it failed, as `file:line`, if that is known. */
  readonly source?: string | undefined;
}

const placeOf = ({ frame, source }: DrawnScene): string => {
  const at = frame === undefined ? 'before its first frame' : `at frame ${frame}`;
  return source === undefined ? at : `${at}, in ${source}`;
};

const sceneOf = ({ scene, template }: DrawnScene): string => `Scene ${scene} of ${template}`;

/** Templates, and scenes that are drawn. */
const template = {
  /**
   * @param what a predicate for the subject, such as `lasts 12.5 frames`.
   * @param why the reason and what to do, in whole sentences.
   */
  templateFailed: defineError(
    'template-failed',
    ({ subject, what, why }: { readonly subject: string; readonly what: string; readonly why: string }) =>
      `${subject} ${what} for this row. ${why}`,
  ),
  projectUnreadable: defineError(
    'project-unreadable',
    ({ file, why }: { readonly file: string; readonly why: string }) =>
      `The compositions of ${file} cannot be listed: ${why}`,
  ),
  compositionFileMissing: defineError(
    'project-unreadable',
    ({ file }: { readonly file: string }) => `There is no file ${file}.`,
  ),
  compositionUnknown: defineError(
    'project-unreadable',
    ({ file, id, ids }: { readonly file: string; readonly id: string; readonly ids: readonly string[] }) =>
      ids.length === 0
        ? `${file} exports no component that lists compositions.`
        : `${file} has no composition "${id}". It has ${list(ids)}.`,
  ),
  templateExists: defineError(
    'project-unreadable',
    ({ folder }: { readonly folder: string }) =>
      `The folder ${folder} exists already. Choose another id with --as, or remove the folder.`,
  ),
  templatesNotBundled: defineError(
    'bundle-failed',
    ({ why }: { readonly why: string }) => `The templates cannot be bundled: ${why}`,
  ),
  importsUnreadable: defineError(
    'bundle-failed',
    ({ why }: { readonly why: string }) => `The imports of the templates cannot be followed: ${why}`,
  ),
  packageMissing: defineError(
    'bundle-failed',
    ({ name }: { readonly name: string }) =>
      `The templates import the package ${name}, which is not installed. Run \`npm install ${name}\`.`,
  ),
  sceneCodeMissing: defineError(
    'template-invalid',
    ({ scene }: { readonly scene: string }) => `The code of scene "${scene}" is not known.`,
  ),
  /** @param why in whole sentences. */
  templateRefused: defineError('template-invalid', ({ why }: { readonly why: string }) => why),
  templateSoundUnreadable: defineError(
    'template-invalid',
    ({ file, template: name }: { readonly file: string; readonly template: string }) =>
      `The sound "${file}" of template ${name} cannot be read. Put it into the template's folder "sounds".`,
  ),
  componentMissing: defineError(
    'template-invalid',
    ({ scene, folder }: { readonly scene: string; readonly folder: string }) =>
      `Scene "${scene}" has no component. Add it in ${folder}, as scenes/${scene}.tsx or in components.tsx.`,
  ),
  sceneFailed: defineError(
    'scene-failed',
    ({ why, ...scene }: DrawnScene & { readonly why: string }) =>
      `${sceneOf(scene)} could not be drawn ${placeOf(scene)}: ${why}`,
  ),
  sceneWaited: defineError(
    'clip-timeout',
    ({ why, ...scene }: DrawnScene & { readonly why: string }) =>
      `${sceneOf(scene)} waited too long ${placeOf(scene)}: ${why}`,
  ),
  sceneTimedOut: defineError(
    'clip-timeout',
    ({ seconds, ...scene }: DrawnScene & { readonly seconds: number }) =>
      `${sceneOf(scene)} took longer than ${seconds} s and was stopped ${placeOf(scene)}.`,
  ),
  sceneStuck: defineError(
    'clip-timeout',
    ({ seconds, ...scene }: DrawnScene & { readonly seconds: number }) =>
      `${sceneOf(scene)} showed no further frame for ${seconds} s and was stopped ${placeOf(scene)}.`,
  ),
  sceneInterrupted: defineError(
    'browser-crashed',
    ({ why, ...scene }: DrawnScene & { readonly why: string }) =>
      `${sceneOf(scene)} stopped ${placeOf(scene)}. ${why}`,
  ),
  pageTimedOut: defineError(
    'clip-timeout',
    ({ template: name, seconds }: { readonly template: string; readonly seconds: number }) =>
      `The page for a scene of ${name} did not load within ${seconds} s. A module of ${name} or of another template may contain an endless loop.`,
  ),
};

/** Jobs. */
const job = {
  unexpected: defineError('internal', () => "An unexpected error happened. The worker's log has details."),
  /** @param why the message of the rows. */
  campaignStopped: defineError(
    'campaign-stopped',
    ({ rows, why }: { readonly rows: number; readonly why: string }) =>
      `The first ${rows} rows all fail in the same way, so the campaign was stopped and no further row is drawn. ${why}`,
  ),
  jobTimedOut: defineError(
    'job-timed-out',
    ({ seconds }: { readonly seconds: number }) => `The job did not end within ${seconds} s.`,
  ),
  workerDied: defineError(
    'worker-died',
    ({ times }: { readonly times: number }) =>
      `The worker stopped ${times} times during this job. Usually its machine has run out of memory.`,
  ),
};

/** Sound and video files. */
const media = {
  soundUnreadable: defineError(
    'media-failed',
    ({ file }: { readonly file: string }) => `The sound ${file} cannot be decoded. Export it as WAV.`,
  ),
  clipErased: defineError(
    'stored-file-missing',
    () => 'The clip was erased while a picture of it was being made.',
  ),
  clipsNotJoined: defineError(
    'media-failed',
    ({ why }: { readonly why: string }) => `The clips could not be joined: ${why}`,
  ),
  toolFailed: defineError(
    'media-failed',
    (facts: { readonly tool: string; readonly code: number | null; readonly why: string }) =>
      `${facts.tool} stopped with code ${facts.code}: ${facts.why}`,
  ),
  toolTimedOut: defineError(
    'media-failed',
    ({ tool, seconds }: { readonly tool: string; readonly seconds: number }) =>
      `${tool} took longer than ${seconds} s and was stopped.`,
  ),
};

/** Voices. Messages never repeat what is said. */
const speech = {
  speechUnset: defineError(
    'speech-unset',
    ({ template: name }: { readonly template: string }) =>
      `Scenes of template ${name} speak, and BESPOKE_SPEECH is not set.`,
  ),
  /** @param why in a whole sentence. */
  speechRefused: defineError(
    'speech-refused',
    ({ why }: { readonly why: string }) => `A line of this row cannot be spoken. ${why}`,
  ),
  /** @param why in a whole sentence. */
  speechUnavailable: defineError(
    'speech-unavailable',
    ({ why }: { readonly why: string }) => `The voice is unavailable. ${why}`,
  ),
};

/** Templates and paths through their stories, scenes, clips and videos, and the jobs that render them. */
export const renderErrors = { ...path, ...template, ...job, ...media, ...speech };

import type { AnyRecord } from '../../data/record.ts';
import { errors } from '../../errors/messages.ts';
import {
  bindView,
  bindPathOf,
  leadThrough,
  segmentsIn,
  storyContextOf,
  type ResolvedImages,
  type Variant,
} from '../../video/story/bind.ts';
import {
  type BoundScene,
  framesCutOff,
  sceneTexts,
  speaks,
  speakScene,
} from '../../video/story/time-scene.ts';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import type { Variables } from '../../video/story/engine/condition.ts';
import { passivePlaythrough, type Playthrough } from '../../video/story/playthrough.ts';
import type { StoryContext } from '../../video/story/engine/state.ts';
import type { Format } from '../../video/story/format.ts';
import {
  joinCues,
  type Mix,
  pathDuration,
  pathStills,
  type PathStills,
  sceneCues,
} from '../../video/story/path.ts';
import type { SceneCue } from '../../video/story/scene.ts';
import type { Speak, SpeechText } from '../../video/story/speech.ts';
import { recordViews } from '../../video/story/record-views.ts';
import { checkFrames } from '../../video/story/template-code.ts';
import type { Template } from '../../video/story/template.ts';
import type { Hmac } from './hmac.ts';
import type { ClipDraft } from './clips.ts';
import { createMixer } from './plan-mix.ts';
import { cutIds, cutUses, type CutUse } from './cuts.ts';
import type { AssemblyPlan, PathStep } from './renders.ts';
import type { Encoding } from './ports.ts';
import { remember } from './remember.ts';
import type { RenderWarning } from './render-schema.ts';
import type { PlanTerms } from './viewers.ts';

/** What planning needs besides the record. All of it is part of the keys. */
export interface PlanContext {
  readonly template: Template;
  readonly format: Format;
  readonly encoding: Encoding;
  /** ISO `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly engineVersion: string;
  /** By scene. */
  readonly codeHashes: ReadonlyMap<string, string>;
  /** By file of the template's `sounds/`, of all that it may play. Unset: nothing is mixed. */
  readonly soundHashes?: ReadonlyMap<string, string>;
  readonly variant?: Variant | undefined;
  /** Names the voice of scenes that speak; unset: none does. */
  readonly voice?: string | undefined;
  /** Looks up what that voice has said. Unset: its times are estimated. */
  readonly speak?: Speak | undefined;
}

/** The clips and the video of a record. */
export interface ClipsPlan {
  /** Names of the audience segments that the record is in, whatever variant it is assigned to. */
  readonly segments: readonly string[];
  /** One per step of the path; a scene that comes twice with equal inputs is one clip. */
  readonly clips: readonly ClipDraft[];
  /** Those that a viewer may come to besides, as far as the record decides them. */
  readonly beside: readonly ClipDraft[];
  readonly durationInFrames: number;
  /** What viewers would miss of what is said. */
  readonly warnings: readonly RenderWarning[];
}

/** The clips of a record, with what decided them. */
export interface CountedPlan extends ClipsPlan {
  /** Of the path, in order. */
  readonly nodes: readonly string[];
  /** Fields, facts and audience segments of the record. */
  readonly facts: Variables;
}

/** One person's video before anything is rendered. */
export interface RenderPlan extends ClipsPlan {
  readonly key: string;
  readonly path: readonly PathStep[];
  readonly mix: string;
  readonly assembly: AssemblyPlan;
  readonly personal: boolean;
  /** Parts of cut scenes that may be proven with this record. */
  readonly cutUses: readonly CutUse[];
}

/** Turns records into plans. */
export interface Planner {
  /** What all of its plans have in common. */
  readonly terms: PlanTerms;
  /** A scene as it is spoken, as far as that is known. */
  readonly time: (bound: BoundScene) => BoundScene;
  /** What scenes say that viewers of a record may come to, to be learned before its clips are planned. */
  readonly texts: (record: AnyRecord, images: ResolvedImages) => readonly SpeechText[];
  /** The clip that shows a scene with its inputs, timed. */
  readonly clip: (bound: BoundScene) => ClipDraft;
  /** The clips alone, for counting. */
  readonly clips: (record: AnyRecord, images: ResolvedImages) => CountedPlan;
  /** The audience segments alone, for a record that gets no video. They do not depend on pictures. */
  readonly segments: (record: AnyRecord) => readonly string[];
  readonly render: (record: AnyRecord, images: ResolvedImages) => RenderPlan;
}

function termsOf({ template, codeHashes, ...rest }: PlanContext, hmac: Hmac): PlanTerms {
  const { format, encoding, asOf, engineVersion, variant, voice } = rest;
  const cuts = template.cuts && cutIds(hmac, template, codeHashes);
  const linkFields = Object.values(template.story.nodes).flatMap((node) =>
    node.type === 'cta' && node.link.field !== undefined ? [node.link.field] : [],
  );
  const { coarsened } = template;
  const terms = {
    ...(cuts !== undefined && { cuts }),
    ...(coarsened !== undefined && { coarser: coarsened }),
    ...(linkFields.length > 0 && { linkFields: [...new Set(linkFields)] }),
    ...(variant && { variant }),
    ...(voice !== undefined && { voice }),
    template: template.id,
    format,
    encoding,
    asOf,
    engineVersion,
    codeHashes: Object.fromEntries(codeHashes),
  };
  return { id: hmac('terms', terms), ...terms };
}

/** What all clips of a scene have in common, and its key. */
interface SceneIdentity {
  readonly identity: Pick<ClipDraft, 'template' | 'scene' | 'codeHash' | 'format' | 'fps' | 'encoding'>;
  readonly key: string;
}

/** Keys each scene once, so that the keys of its many clips are made from little. */
function createSceneIdentifier(context: PlanContext, hmac: Hmac): (scene: string) => SceneIdentity {
  const { template, format, encoding, engineVersion, codeHashes } = context;
  const known = new Map<string, SceneIdentity>();
  return (scene) => {
    const before = known.get(scene);
    if (before !== undefined) return before;
    const codeHash = codeHashes.get(scene);
    if (codeHash === undefined) {
      throw errors.sceneCodeMissing({ scene });
    }
    const identity = { template: template.id, scene, codeHash, format, fps: template.fps, encoding };
    const made = { identity, key: hmac('scene', { ...identity, engineVersion }) };
    known.set(scene, made);
    return made;
  };
}

/** What the scenes of a path and their lengths decide, whatever they show. */
type Layout = Pick<AssemblyPlan, 'stills'> &
  Pick<RenderPlan, 'durationInFrames'> & {
    /** Unset where records decide how it sounds. */
    readonly sound: Mix | undefined;
  };

/** Most rows of a campaign show scenes of the same lengths. */
const isLaidOutAlike = (one: readonly BoundScene[], other: readonly BoundScene[]): boolean =>
  one.length === other.length &&
  one.every(({ node, scene, durationInFrames }, step) => {
    const same = other[step];
    return same?.node === node && same.scene === scene && same.durationInFrames === durationInFrames;
  });

/** Clips of a path, with the pictures that its poster and teaser are made from. */
function withStills(clips: readonly ClipDraft[], { poster, teaser }: PathStills): readonly ClipDraft[] {
  return clips.map((clip, index) => {
    const stills = [poster, ...teaser].filter(({ step }) => clips[step]?.key === clip.key);
    const own = stills.map(({ still }) => still);
    return own.length === 0 || clips.findIndex(({ key }) => key === clip.key) !== index
      ? clip
      : { ...clip, stills: own };
  });
}

/**
 * Makes what turns a record into the clips of its video. Pure: equal records, images, contexts and choices
 * give equal keys, on every machine that shares the secret. It throws a BespokeError `template-failed`
 * when the template does not work for a record; other records may be planned all the same.
 *
 * @param playthrough decides for the viewer; without it the video is that of one who only watches.
 */
export function createPlanner(context: PlanContext, hmac: Hmac, playthrough?: Playthrough): Planner {
  const { template, soundHashes } = context;
  const identify = createSceneIdentifier(context, hmac);
  const cuts = cutIds(hmac, template, context.codeHashes);
  const { mixOf, hashesOf, isChosen, isVoiced } = createMixer(template, soundHashes);
  const shared = new Map<string, ClipDraft>();
  const cuesByClip = new Map<string, readonly SceneCue[]>();
  let last: { readonly path: readonly BoundScene[]; readonly layout: Layout } | undefined;

  function draftClip({ scene, inputs, durationInFrames, personal }: BoundScene): ClipDraft {
    const { identity, key } = identify(scene);
    return {
      key: hmac('clip', { scene: key, inputs, durationInFrames }),
      personal,
      inputs,
      durationInFrames,
      stills: [],
      ...identity,
    };
  }

  /** Shared clips are few and met again and again; personal ones are not worth remembering. */
  function clipOf(bound: BoundScene): ClipDraft {
    if (bound.personal) return draftClip(bound);
    const name = `${bound.scene} ${canonicalJson(bound.inputs)}`;
    return remember(shared, name, () => draftClip(bound));
  }

  const { speak } = context;
  const time = (bound: BoundScene): BoundScene =>
    speak === undefined ? bound : speakScene(template, bound, speak);

  /** A view that cannot be bound is one that no path of this record comes to; if one does, it fails there. */
  function unlessBroken<T>(make: () => T): readonly T[] {
    try {
      return [make()];
    } catch {
      return [];
    }
  }

  function viewsBeside(story: StoryContext, path: readonly BoundScene[]) {
    // Where all choices are made already, there is nothing to come to.
    if (playthrough !== undefined) return [];
    const shown = new Set(path.map(({ node }) => node));
    return recordViews(story).filter(({ node, which }) => which === 'generic' || !shown.has(node));
  }

  function boundBeside(story: StoryContext, path: readonly BoundScene[]): readonly BoundScene[] {
    return viewsBeside(story, path).flatMap(({ node, view }) =>
      unlessBroken(() => bindView(template, node, view, story.facts)),
    );
  }

  const pathThrough = (story: StoryContext): readonly BoundScene[] =>
    bindPathOf(template, story, (playthrough ?? passivePlaythrough)(story));

  function bindClips(story: StoryContext) {
    const path = pathThrough(story).map(time);
    return {
      path,
      clips: path.map(clipOf),
      beside: boundBeside(story, path).flatMap((bound) => unlessBroken(() => clipOf(time(bound)))),
      shown: [...path, ...viewsBeside(story, path)].map(({ node }) => node),
    };
  }

  function textsIn(record: AnyRecord, images: ResolvedImages): readonly SpeechText[] {
    if (!speaks(template)) return [];
    const story = storyContextOf(template, record, images, context);
    return leadThrough(template, () => {
      const path = pathThrough(story);
      const beside = boundBeside(story, path).flatMap((bound) =>
        unlessBroken(() => sceneTexts(template, bound)),
      );
      return [...path.map((bound) => sceneTexts(template, bound)), ...beside].flat();
    });
  }

  function layOut(path: readonly BoundScene[]): Layout {
    const code = { subject: `The story of template "${template.id}"`, personal: false };
    return {
      durationInFrames: checkFrames(code, 'lasts', pathDuration(path), 1),
      stills: pathStills(template, path),
      sound: isChosen ? undefined : mixOf(path, {}),
    };
  }

  /** As with clips, only those of shared ones are worth remembering. */
  function cuesOf(scene: BoundScene, clip: ClipDraft | undefined): readonly SceneCue[] {
    if (scene.personal || clip === undefined) return sceneCues(template, scene);
    return remember(cuesByClip, clip.key, () => sceneCues(template, scene));
  }

  /** A scene may be shorter than what it says. */
  function cutOff(path: readonly BoundScene[]): readonly RenderWarning[] {
    if (!isVoiced) return [];
    const cut = new Map(path.map((bound) => [bound.scene, framesCutOff(template, bound) / template.fps]));
    return [...cut].flatMap(([scene, seconds]) =>
      seconds === 0
        ? []
        : {
            ...{ code: 'speech-cut', field: scene },
            message: `Scene "${scene}" ends ${seconds.toFixed(1)} s before what it says, which is cut off.`,
          },
    );
  }

  const segmentsOf = (record: AnyRecord): readonly string[] =>
    segmentsIn(template, storyContextOf(template, record, {}, { ...context, variant: undefined }).facts);

  /** All that a video needs of its template, so that a row that is counted can be planned too. */
  function planRecord(record: AnyRecord, images: ResolvedImages) {
    const story = storyContextOf(template, record, images, context);
    const { path, clips, beside, shown } = leadThrough(template, () => bindClips(story));
    if (last === undefined || !isLaidOutAlike(path, last.path)) last = { path, layout: layOut(path) };
    const { layout } = last;
    const cues = path.map((scene, step) => cuesOf(scene, clips[step]));
    const segments = context.variant === undefined ? segmentsIn(template, story.facts) : segmentsOf(record);
    const nodes = path.map(({ node }) => node);
    const { durationInFrames } = layout;
    const warnings = cutOff(path);
    const uses = cutUses(template, cuts, shown, story.facts);
    const { facts } = story;
    const sound = layout.sound ?? mixOf(path, facts);
    return {
      path,
      nodes,
      facts,
      clips,
      beside,
      durationInFrames,
      layout,
      sound,
      cues,
      segments,
      warnings,
      uses,
    };
  }

  return {
    terms: termsOf(context, hmac),
    time,
    texts: textsIn,
    clip: clipOf,
    clips: planRecord,
    segments: segmentsOf,
    render: (record, images) => {
      const planned = planRecord(record, images);
      const { path, clips, beside, durationInFrames, sound, cues, segments, warnings, uses } = planned;
      const { stills } = planned.layout;
      const captions = joinCues(path, cues);
      const assembly = { template: template.id, sound, captions, stills };
      const mix = hmac('mix', { ...sound, hashes: hashesOf(sound) });
      const key = hmac('video', { clips: clips.map((clip) => clip.key), mix, stills, captions });
      return {
        key,
        path: path.map(({ node }, index) => ({ node, clip: clips[index]?.key ?? '' })),
        clips: withStills(clips, stills),
        beside,
        mix,
        assembly,
        durationInFrames,
        personal: clips.some(({ personal }) => personal),
        cutUses: uses,
        segments,
        warnings,
      };
    },
  };
}

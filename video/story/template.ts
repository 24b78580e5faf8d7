import type { AnyRecord, Field, Fields, RecordOf } from '../../data/record.ts';
import type { Setting } from '../../data/settings.ts';
import { errors } from '../../errors/messages.ts';
import { explainEach } from './each.ts';
import type { Condition } from './engine/condition.ts';
import type { NodeView, ViewNode, Story, StoryNode, VariableDeclaration } from './engine/graph.ts';
import { type Format, isFormat, ratios } from './format.ts';
import type { AudioInput, Cuts, ImageInput, Scene, SceneInputs, SoundShape } from './scene.ts';
import { type Fixture, type FixtureName, fixturesFrom, withUsualSettings } from './fixtures.ts';
import { storySchema } from './story-schema.ts';
import { defaultPoster, defaultTeaser, storyInOrder, titleOf } from './template-defaults.ts';

/** What a binding may read besides the record. Nothing else: no clock, no random source. */
export interface BindingContext {
  /** The campaign's date, ISO `YYYY-MM-DD`. */
  readonly asOf: string;
}

/**
 * A value derived from the record, by name.
 *
 * `groups: true` states that the value puts people into classes and identifies no one (a tenure band,
 * not a date); only such facts may be read by shared clips. Without it a fact is personal as soon as
 * one of the fields it is derived `from` is.
 */
export interface Fact<R = AnyRecord, T = unknown> {
  readonly from: readonly (keyof R & string)[];
  readonly groups?: true;
  /** The list of the record of which it returns some items as they are, so that scenes share them as those of the list. */
  readonly itemsOf?: keyof R & string;
  readonly derive: (record: R, context: BindingContext) => T;
}

export type Facts<R> = Readonly<Record<string, Fact<R>>>;

/** A field as scenes see it: an image's or a recording's URL has become what it led to, in lists and objects too. */
type VariableOf<T> = T extends { readonly kind: 'image' }
  ? ImageInput
  : T extends { readonly kind: 'audio' }
    ? AudioInput
    : FactInputOf<T>;

type FactInputOf<T> = T extends { readonly kind: 'list'; readonly fields: infer I extends Fields }
  ? RecordVariables<I>[]
  : T extends { readonly kind: 'object'; readonly fields: infer I extends Fields }
    ? RecordVariables<I> | (T extends Field<infer V> ? Extract<V, undefined> : never)
    : T extends Field<infer V>
      ? V
      : never;

type RecordVariables<F extends Fields> = { readonly [K in keyof F]: VariableOf<F[K]> };

/** A record as facts see it: with the items of lists as scenes see them. */
export type FactRecord<F extends Fields> = { readonly [K in keyof F]: FactInputOf<F[K]> };

/** Names that are known: where none is declared, any could be. */
type KnownName<K> = string extends K ? never : K;

type FactVariables<A> = {
  readonly [K in keyof A as KnownName<K>]: A[K] extends Fact<never, infer T> ? T : never;
};

/** Everything a story may bind or test: record fields, facts, and segments as booleans. */
export type VariablesOf<F extends Fields, A, G> = RecordVariables<F> &
  FactVariables<A> & { readonly [K in keyof G as KnownName<K>]: boolean };

/** Names of the variables whose type fits an input. */
type FittingVariable<V, T> = { [K in keyof V & string]: V[K] extends T ? K : never }[keyof V & string];

/** Parts of objects whose type fits an input. The part of an optional object may be missing. */
type FittingPart<V, T> = {
  [K in keyof V & string]: PartOf<K, Exclude<V[K], undefined>, undefined extends V[K] ? undefined : never, T>;
}[keyof V & string];

type PartOf<K, O, Missing, T> = O extends readonly unknown[]
  ? never
  : O extends object
    ? [Missing] extends [T]
      ? { readonly var: K; readonly item: FittingVariable<O, T> }
      : never
    : never;

type BindingFor<T, V> = { readonly var: FittingVariable<V, T> } | FittingPart<V, T> | { readonly value: T };

type BindingsFor<S, V> = { readonly [K in keyof SceneInputs<S>]: BindingFor<SceneInputs<S>[K], V> };

/** Names of lists. */
type ListName<V> = { [K in keyof V & string]: V[K] extends readonly object[] ? K : never }[keyof V & string];

type ItemOf<L> = L extends readonly (infer I)[] ? I : never;

/** A view that is shown for each item of a list. */
type TypedEachView<Scenes, V> = {
  [L in ListName<V>]: {
    [K in keyof Scenes & string]: {
      readonly each: L;
      readonly scene: K;
      readonly inputs: {
        readonly [I in keyof SceneInputs<Scenes[K]>]:
          | { readonly item: FittingVariable<ItemOf<V[L]>, SceneInputs<Scenes[K]>[I]> }
          | BindingFor<SceneInputs<Scenes[K]>[I], V>;
      };
    };
  }[keyof Scenes & string];
}[ListName<V>];

type TypedView<Scenes, V> = {
  [K in keyof Scenes & string]: { readonly scene: K; readonly inputs: BindingsFor<Scenes[K], V> };
}[keyof Scenes & string];

/** A node with a view, checked against the scene's inputs. */
type TypedNode<N, Scenes, V> = N extends ViewNode
  ? | (Omit<N, keyof NodeView | 'generic' | 'each'> &
        TypedView<Scenes, V> & { readonly generic?: TypedView<Scenes, V> | undefined })
    | (N extends { readonly type: 'scene' }
        ? Omit<N, keyof NodeView | 'generic' | 'each' | 'choices' | 'decision' | 'hotspots'> &
            TypedEachView<Scenes, V>
        : never)
  : N;

/** Variables that a story declares, by name. */
export type Declarations = Readonly<Record<string, VariableDeclaration>>;

type DeclaredValue<D> = D extends { readonly type: 'boolean' }
  ? boolean
  : D extends { readonly type: 'number' }
    ? number
    : D extends { readonly type: 'choice'; readonly values: readonly (infer T)[] }
      ? T
      : string;

/** Variables that a story declares, by name. */
type DeclaredVariables<W> = string extends keyof W
  ? unknown
  : { readonly [K in keyof W]: DeclaredValue<W[K]> };

/** A story whose bindings the compiler checks against scene inputs and variables, including its own. */
export interface TypedStory<Scenes, V, W> {
  readonly version: 2;
  readonly start: string;
  readonly variables?: W;
  readonly links?: readonly string[];
  readonly nodes: Readonly<Record<string, TypedNode<StoryNode, Scenes, V & DeclaredVariables<W>>>>;
}

/** Music under the whole path: a PCM WAV of `sounds/`, repeated if shorter, faded at the end. */
export interface Soundtrack extends SoundShape {
  readonly file: string;
  readonly gain: number;
  readonly fadeOutInFrames: number;
  /** The part of its gain that is left while a voice speaks, from 0 to 1. Unset: all. */
  readonly underSpeech?: number;
}

/**
 * The music of a video, or a pure function that chooses it by record fields, facts and segments. Music is no input of a
 * clip: a video's sound is mixed for itself, under a name that is made from what is in it, so a choice by personal
 * fields says nothing in a clip that others share.
 */
export type SoundtrackOf<V> = Soundtrack | undefined | ((variables: V) => Soundtrack | undefined);

/** A moment of the story: a frame of the first of these nodes that is on the path. */
export interface StoryMoment {
  readonly nodes: readonly string[];
  /** From that node's first frame. */
  readonly frame: number;
}

/** Says what the template's bundled fonts can draw. */
export interface GlyphCoverage {
  /** Must be pure. */
  readonly covers: (codePoint: number) => boolean;
  /**
   * Every character that the scenes may write for a locale in dates, numbers and the like; `undefined` if the
   * browser cannot write them for this locale. A record with such a locale, or one whose characters the fonts do not
   * cover, takes the field's fallback. Unset: nothing is formatted.
   */
  readonly formats?: (locale: string) => string | undefined;
}

/** A template's contract: everything that the pipeline knows of it. Runs in Node and in browsers, without React. */
export interface Template<F extends Fields = Fields> {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  /** Language of the story's own words (title, labels, captions), as a BCP 47 tag. Default: English. */
  readonly language?: string;
  /**
   * The story's own words in other languages, by BCP 47 tag: each text as the story has it (title, description, labels,
   * questions, answers), with its translation. Viewers get the language of their record's `locale` field. What the
   * pictures say does not change.
   */
  readonly translations?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly record: F;
  /** The first is the default. */
  readonly formats: readonly [Format, ...Format[]];
  readonly fps: number;
  readonly facts: Readonly<Record<string, Fact<never>>>;
  readonly segments: Readonly<Record<string, Condition>>;
  /**
   * Record fields, each with the variable (another field, or a fact) that says less of it. A campaign can show that
   * one in its place, so that more people share a clip; scenes must take both. Unset: no campaign can.
   */
  readonly coarser?: Readonly<Partial<Record<string, string>>>;
  /** Fields that are shown coarser in this copy of the template; see `withCoarser`. */
  readonly coarsened?: readonly string[];
  readonly scenes: Readonly<Record<string, Scene>>;
  /** Names of the template's own presentations of transitions. */
  readonly presentations?: readonly string[];
  /** The template with its scenes whole, without cuts and transitions, if it has any. */
  readonly uncut?: Template;
  /** Those cuts. */
  readonly cuts?: Cuts;
  readonly story: Story;
  readonly soundtrack: SoundtrackOf<never>;
  /**
   * `optional`: where the deployment has no voice, scenes that speak are silent, with captions by estimated times.
   * Unset: such a deployment refuses the template.
   */
  readonly voice?: 'optional';
  readonly poster: StoryMoment;
  readonly teaser: StoryMoment & { readonly durationInFrames: number };
  readonly glyphs: GlyphCoverage;
  readonly fixtures: Readonly<Record<string, Fixture>> & Readonly<Record<FixtureName, Fixture>>;
  /**
   * Paths through an interactive story that are worth looking at, by name: the decisions of the typical
   * fixture's viewer in order, as `chosenPlaythrough` takes them. Studio lists each as a whole video.
   */
  readonly paths?: Readonly<Record<string, readonly string[]>>;
}

type SettingName<F extends Fields> = {
  [K in keyof F]: F[K] extends Setting ? K : never;
}[keyof F];

/** The record of a fixture, which may leave settings out. */
type SampleRecord<F extends Fields> = Omit<RecordOf<F>, SettingName<F>> &
  Partial<Pick<RecordOf<F>, SettingName<F>>>;

/** What a template may leave out, because it has a default. */
type Defaulted = 'version' | 'title' | 'description' | 'formats' | 'fps' | 'poster' | 'teaser' | 'glyphs';

/**
 * A template as it is declared. Only `id`, `record` and `scenes` are needed: then the story is the scenes in order, each
 * input shows the field of the same name, and fixtures are made from the kinds of the fields.
 */
export interface TemplateDefinition<
  F extends Fields,
  A extends Facts<FactRecord<F>>,
  G extends Readonly<Record<string, Condition>>,
  S extends Readonly<Record<string, Scene>>,
  W extends Declarations,
>
  extends
    Pick<Template<F>, 'id' | 'language' | 'translations' | 'paths' | 'presentations' | 'voice'>,
    Partial<Pick<Template<F>, Defaulted>> {
  readonly record: F;
  readonly facts?: A;
  readonly segments?: G;
  readonly coarser?: {
    readonly [K in keyof F & string]?: Exclude<
      FittingVariable<VariablesOf<F, A, G>, RecordVariables<F>[K]>,
      K
    >;
  };
  readonly scenes: S;
  /** Scenes that are shown in parts, each a clip of its own; `bespoke slice` finds them. */
  readonly cuts?: {
    readonly [K in keyof S]?: readonly {
      readonly until: number;
      readonly reads: readonly (keyof SceneInputs<S[K]> & string)[];
    }[];
  };
  readonly story?: TypedStory<S, VariablesOf<F, A, G>, W>;
  readonly soundtrack?: SoundtrackOf<VariablesOf<F, A, G>>;
  readonly fixtures?: Readonly<Record<FixtureName, Fixture<SampleRecord<F>>>> &
    Readonly<Record<string, Fixture<SampleRecord<F>>>>;
}

/** A template whose scenes are known statically, so that a missing component does not compile. */
export type TypedTemplate<F extends Fields, S extends Readonly<Record<string, Scene>>> = Omit<
  Template<F>,
  'scenes'
> & {
  readonly scenes: S;
};

/** Facts are declared apart from the template so that `derive` sees the record's type. */
export function defineFacts<F extends Fields, const A extends Facts<FactRecord<F>>>(_record: F, facts: A): A {
  return facts;
}

/**
 * A template with all that its declaration leaves out. Story bindings are checked against scene inputs by the compiler.
 *
 * @param fonts what is drawn where the template declares no fonts of its own.
 * @throws ZodError when the story does not have its shape, BespokeError `template-invalid` when an id, a format or the
 * fps cannot be used.
 */
export function completeTemplate<
  F extends Fields,
  A extends Facts<FactRecord<F>>,
  G extends Readonly<Record<string, Condition>>,
  S extends Readonly<Record<string, Scene>>,
  const W extends Declarations = Declarations,
>(definition: TemplateDefinition<F, A, G, S, W>, fonts: GlyphCoverage): TypedTemplate<F, S> {
  const { cuts: _cuts, ...declared } = definition;
  const { id, record, scenes, facts = {}, segments = {}, fps = 30 } = declared;
  const variables = new Set([record, facts, segments].flatMap((each) => Object.keys(each)));
  const story = storySchema.parse(definition.story ?? storyInOrder(scenes, variables));
  const template = {
    version: 1,
    title: titleOf(id),
    description: '',
    formats: ['16:9'] as const,
    soundtrack: undefined,
    poster: defaultPoster(story, fps),
    teaser: defaultTeaser(story, fps),
    glyphs: fonts,
    ...declared,
    fixtures: withUsualSettings(record, declared.fixtures ?? fixturesFrom(record)),
    ...{ facts, segments, fps, story },
  };
  checkIds(template);
  const wrong = explainEach(
    story,
    (name) => record[name]?.items?.max ?? (Object.hasOwn(facts, name) ? 0 : undefined),
  );
  if (wrong !== undefined) throw errors.templateRefused({ why: wrong });
  checkPictures(template);
  return template;
}

/** Remotion takes no other ids of compositions, and those are made from these. */
const compositionId = /^[a-zA-Z0-9\u4E00-\u9FFF-]+$/;

function checkIds(template: Pick<Template, 'id' | 'scenes' | 'story' | 'fixtures' | 'paths'>): void {
  const ids = {
    template: [template.id],
    scene: Object.keys(template.scenes),
    node: Object.keys(template.story.nodes),
    fixture: Object.keys(template.fixtures),
    path: Object.keys(template.paths ?? {}),
  };
  for (const [kind, named] of Object.entries(ids)) {
    const refused = named.find((id) => !compositionId.test(id));
    if (refused === undefined) continue;
    const why = 'Remotion, which draws it under this id, takes only letters from a to z, digits and hyphens.';
    throw errors.templateRefused({ why: `Its ${kind} cannot be called "${refused}". ${why}` });
  }
  if (template.id.includes('--')) {
    throw errors.templateRefused({ why: `Its id "${template.id}" contains two hyphens in a row. Use one.` });
  }
}

function checkPictures({ formats: offered, fps }: Pick<Template, 'formats' | 'fps'>): void {
  const unknown = offered.map(String).find((format) => !isFormat(format));
  if (unknown !== undefined || offered.length === 0) {
    const what = unknown === undefined ? 'It has no format.' : `Its format "${unknown}" is not known.`;
    throw errors.templateRefused({
      why: `${what} Formats are ${ratios.join(', ')}, and sizes such as 1080x1350 with even sides from 16 to 7680.`,
    });
  }
  if (Number.isFinite(fps) && fps > 0) return;
  throw errors.templateRefused({ why: `Its fps is ${fps}. It must be a number above 0.` });
}

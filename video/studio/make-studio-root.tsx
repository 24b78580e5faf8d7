import type { ComponentType, FC } from 'react';
import { Composition, Folder, getInputProps, useVideoConfig, type CalculateMetadataFunction } from 'remotion';
import { z } from 'zod';
import { frameSize, type Format } from '../story/format.ts';
import { pathDuration } from '../story/path.ts';
import type { DrawnSource, Registry, RegistryEntry } from '../story/registry.ts';
import { timeInputs } from '../story/time-scene.ts';
import { excerptOf, transitionsIn } from '../story/excerpt.ts';
import type { Template } from '../story/template.ts';
import { type Fixture, sampleAsOf } from '../story/fixtures.ts';
import { hostScene, type ClipProps } from './clip-host.tsx';
import { componentOf } from './excerpt.tsx';
import type { MakePresentation } from './transition.tsx';
import { recordingSchema, rowFrom } from './row-props.ts';
import { sampleImageHash, sampleNodes, sampleScene, type Sample } from '../story/samples.ts';
import {
  formRecord,
  makeWholeVideo,
  recordSchema,
  wholeVideoPath,
  type WholeVideoProps,
} from './whole-video.tsx';

/** Resolves templates' images and sounds for Studio, such as `./<template>/fixtures/<file>`, to URLs. */
export type TemplateAssets = (path: string) => string | undefined;

interface AssetContext {
  (key: string): string | { readonly default: string };
  keys(): string[];
}

/** Wraps a bundler's contexts of asset modules, one for each template's folder. */
export function templateAssets(
  templates: readonly { readonly id: string; readonly files: unknown }[],
): TemplateAssets {
  const contexts = templates.map(({ id, files }) => {
    const modules = files as AssetContext;
    return { folder: `./${id}/`, modules, known: new Set(modules.keys()) };
  });
  return (path) => {
    const context = contexts.find(({ folder }) => path.startsWith(folder));
    const key = `./${path.slice(context?.folder.length)}`;
    if (context?.known.has(key) !== true) return undefined;
    const module = context.modules(key);
    return typeof module === 'string' ? module : module.default;
  };
}

interface StudioOptions {
  /** Resolves templates' fixture images and sounds; without it they are missing in Studio. */
  readonly assets?: TemplateAssets;
}

/** Where Remotion serves the public folder, which is that of all templates. */
let publicBase: string | undefined;

/**
 * Lets `staticFile` find the files of a template's own `public/` folder, in Studio and in renders that Studio starts.
 * The worker's renderer sets the same for itself.
 */
function withPublicFolder<P extends object>(template: string, Component: ComponentType<P>): ComponentType<P> {
  return function WithPublicFolder(props: P) {
    if (!('bespokeDriver' in window)) {
      publicBase ??= window.remotion_staticBase;
      window.remotion_staticBase = `${publicBase}/${template}/public`;
    }
    return <Component {...props} />;
  };
}

type SceneComponent = ComponentType<Record<string, unknown>>;
type DrawnEntry = RegistryEntry & Pick<DrawnSource, 'loadComponents'>;

/** One composition in Studio's list. */
interface Listed<P extends Record<string, unknown>> {
  readonly id: string;
  readonly schema: z.ZodObject;
  readonly defaultProps: P;
  readonly calculateMetadata: CalculateMetadataFunction<P>;
  readonly lazyComponent: () => Promise<{ default: ComponentType<P> }>;
}

interface ListedTemplate {
  readonly id: string;
  readonly videos: readonly Listed<WholeVideoProps>[];
  readonly fixtures: readonly Listed<WholeVideoProps>[];
  readonly rows: readonly Listed<WholeVideoProps>[];
  readonly scenes: readonly Listed<ClipProps>[];
  readonly nodes: readonly Listed<ClipProps>[];
  readonly paths: readonly Listed<WholeVideoProps>[];
}

const formatName = (format: Format): string => format.replace(':', 'x');

/** Composition id of a single scene, which the renderer uses. */
const clipCompositionId = (template: string, scene: string): string => `${template}--${scene}`;

type SceneComponents = Readonly<Record<string, SceneComponent>>;

/** Remounting a component restarts its media, so each is made once. */
const withTransitionsOf = new WeakMap<object, SceneComponents>();

/** Components by scene, those of transitions among them. */
async function loadSceneComponents({ template, loadComponents }: DrawnEntry): Promise<SceneComponents> {
  const module = await loadComponents();
  const components = module.components as SceneComponents;
  const own = (module.presentations ?? {}) as Readonly<Record<string, MakePresentation>>;
  const transitions = transitionsIn(template.scenes);
  let all = withTransitionsOf.get(module.components) ?? components;
  if (all === components && transitions.length > 0) {
    const { transitionOf } = await import('./transition.tsx');
    const made = transitions.map(([name, each]) => [name, transitionOf(each, components, own)] as const);
    all = { ...components, ...Object.fromEntries(made) };
    withTransitionsOf.set(module.components, all);
  }
  // The renderer records the style sheets that the modules have added before a scene is mounted.
  window.dispatchEvent(new Event('bespoke-components-loaded'));
  return all;
}

function fixtureFiles(template: Template, fixture: Fixture, assets: TemplateAssets) {
  return Object.entries(fixture.images).flatMap(([field, file]) => {
    const url = assets(`./${template.id}/fixtures/${file}`);
    return url === undefined ? [] : [{ field, file, url }];
  });
}

const fixtureRecordings = (template: Template, { audio = {} }: Fixture, assets: TemplateAssets) =>
  Object.fromEntries(
    Object.entries(audio).map(([field, { seconds, file }]) => {
      const url = file === undefined ? undefined : assets(`./${template.id}/fixtures/${file}`);
      return [field, { seconds, ...(url !== undefined && { url }) }];
    }),
  );

/** The component of a scene that may be some frames of another. */
const excerptComponent = (template: Template, scene: string, components: SceneComponents): SceneComponent =>
  function ExcerptScene(inputs) {
    const { durationInFrames } = useVideoConfig();
    const Scene = componentOf(template, { scene, inputs, durationInFrames }, components);
    return <Scene {...inputs} />;
  };

/** A scene as it is listed. */
interface ListedScene {
  /** Of its composition. */
  readonly id: string;
  readonly name: string;
  readonly sample: Sample | undefined;
  /** Whether all of it is shown that the renderer may draw: of a transition both scenes as a whole. */
  readonly isWhole: boolean;
}

/** Lists a single scene with the inputs of a sample. */
function listClip(
  entry: DrawnEntry,
  template: Template,
  { id, name, sample, isWhole }: ListedScene,
  assets: TemplateAssets,
): Listed<ClipProps> {
  const scene = template.scenes[name];
  if (scene === undefined) throw new Error(`Template ${template.id} has no scene "${name}".`);
  const isJoined = scene.transition !== undefined;
  const files = sample === undefined ? [] : fixtureFiles(template, sample.fixture, assets);
  return {
    id,
    schema: z.object({
      inputs: scene.inputs,
      images: z.record(z.string(), z.string()),
      format: z.enum(template.formats),
    }),
    defaultProps: {
      inputs: sample?.bound.inputs ?? {},
      images: Object.fromEntries(files.map(({ file, url }) => [sampleImageHash(file), url])),
      format: template.formats[0],
    },
    calculateMetadata: ({ props }) => {
      const given = isJoined ? props.inputs : scene.inputs.parse(props.inputs);
      const bound = { node: id, scene: name, inputs: given, personal: false };
      const { inputs, frames } = timeInputs(template, bound);
      const excerpt = excerptOf(template.scenes, name, { inputs, durationInFrames: frames });
      return {
        ...frameSize(props.format),
        fps: template.fps,
        durationInFrames: isWhole ? (excerpt?.of ?? frames) : frames,
        // Its scenes may be longer or shorter than before.
        ...(isJoined && { props: { ...props, inputs } }),
      };
    },
    lazyComponent: async () => {
      const components = await loadSceneComponents(entry);
      const component = isWhole ? components[name] : excerptComponent(template, name, components);
      if (component === undefined) throw new Error(`Template ${template.id} has no component "${name}".`);
      return { default: withPublicFolder(template.id, hostScene(component)) };
    },
  };
}

function listVideo(
  entry: DrawnEntry,
  id: string,
  defaultProps: WholeVideoProps,
  assets: TemplateAssets,
): Listed<WholeVideoProps> {
  const { template } = entry;
  return {
    id,
    schema: z.object({
      record: recordSchema(template.record),
      images: z.record(z.string(), z.string()),
      audio: z.record(z.string(), recordingSchema).optional(),
      format: z.enum(template.formats),
      asOf: z.string(),
      path: z.array(z.string()).optional(),
    }),
    defaultProps,
    calculateMetadata: ({ props }) => ({
      ...frameSize(props.format),
      fps: template.fps,
      durationInFrames: pathDuration(wholeVideoPath(template, props)),
    }),
    lazyComponent: async () => ({
      default: withPublicFolder(
        template.id,
        makeWholeVideo(template, await loadSceneComponents(entry), (file) =>
          assets(`./${template.id}/sounds/${file}`),
        ),
      ),
    }),
  };
}

function listTemplate(entry: DrawnEntry, assets: TemplateAssets): ListedTemplate {
  const { template } = entry;
  // Parts are drawn by the composition of the whole scene.
  const whole = template.uncut ?? template;
  const row = rowFrom(getInputProps());
  const propsOf = (fixture: Fixture, format: Format): WholeVideoProps => ({
    record: formRecord(template.record, fixture.record),
    images: Object.fromEntries(fixtureFiles(template, fixture, assets).map(({ field, url }) => [field, url])),
    audio: fixtureRecordings(template, fixture, assets),
    format,
    asOf: sampleAsOf,
  });
  return {
    id: template.id,
    videos: template.formats.map((format) =>
      listVideo(
        entry,
        `${template.id}-${formatName(format)}`,
        propsOf(template.fixtures.typical, format),
        assets,
      ),
    ),
    fixtures: Object.entries(template.fixtures).map(([name, fixture]) =>
      listVideo(entry, `${template.id}-fixture-${name}`, propsOf(fixture, template.formats[0]), assets),
    ),
    rows:
      row?.template === template.id
        ? template.formats.map((format) =>
            listVideo(
              entry,
              `${template.id}-${row.name}-${formatName(format)}`,
              {
                record: formRecord(template.record, row.record),
                images: row.images,
                audio: row.audio,
                format,
                asOf: row.asOf,
              },
              assets,
            ),
          )
        : [],
    scenes: [
      ...Object.keys(whole.scenes).map((name) => [whole, name] as const),
      ...transitionsIn(template.scenes).map(([name]) => [template, name] as const),
    ].map(([of, name]) => {
      const sample = sampleScene(of, name);
      const id = clipCompositionId(template.id, name);
      return listClip(entry, of, { id, name, sample, isWhole: true }, assets);
    }),
    nodes: sampleNodes(template).map((sample) => {
      const { node, scene: name } = sample.bound;
      const id = `${template.id}-node-${node}`;
      return listClip(entry, template, { id, name, sample, isWhole: false }, assets);
    }),
    paths: Object.entries(template.paths ?? {}).flatMap(([name, path]) =>
      template.formats.map((format) => {
        const props = { ...propsOf(template.fixtures.typical, format), path };
        return listVideo(entry, `${template.id}-path-${name}-${formatName(format)}`, props, assets);
      }),
    ),
  };
}

/** A folder of Studio's list; nothing if it would be empty. */
function Compositions<P extends Record<string, unknown>>({
  folder,
  list,
}: {
  readonly folder: string;
  readonly list: readonly Listed<P>[];
}) {
  if (list.length === 0) return null;
  return (
    <Folder name={folder}>
      {list.map((listed) => (
        <Composition
          key={listed.id}
          id={listed.id}
          schema={listed.schema}
          defaultProps={listed.defaultProps}
          calculateMetadata={listed.calculateMetadata as never}
          lazyComponent={listed.lazyComponent as never}
        />
      ))}
    </Folder>
  );
}

declare global {
  interface Window {
    /** For the renderer: what each broken template threw here, by id. */
    bespokeBroken?: Readonly<Record<string, string>>;
    /** For the renderer: loads the components of a template. */
    bespokeLoad?: (template: string) => Promise<unknown>;
  }
}

function reportBroken({ broken = [] }: Registry): void {
  const thrown = broken.map(({ id, cause, reason }) => {
    const described = cause instanceof Error ? (cause.stack ?? reason) : reason;
    return [id, described] as const;
  });
  window.bespokeBroken = Object.fromEntries(thrown);
}

/**
 * Creates the root for Remotion's `registerRoot`. For each template it lists the whole video in each format, each
 * fixture, each single scene (the clips that the renderer draws) and a row if one was passed; for an interactive
 * story also each node and the template's named paths.
 */
export function makeStudioRoot(
  registry: Registry<DrawnEntry>,
  { assets = () => undefined }: StudioOptions = {},
): FC {
  reportBroken(registry);
  window.bespokeLoad = async (id) => {
    const entry = registry.find(({ template }) => template.id === id);
    if (entry !== undefined) await loadSceneComponents(entry);
  };
  // Outside of the component: Remotion remounts a composition whenever its functions change.
  const templates = registry.map((entry) => listTemplate(entry, assets));
  return function StudioRoot() {
    return templates.map(({ id, videos, fixtures, rows, scenes, nodes, paths }) => (
      <Folder key={id} name={id}>
        <Compositions folder="row" list={rows} />
        <Compositions folder="video" list={videos} />
        <Compositions folder="paths" list={paths} />
        <Compositions folder="nodes" list={nodes} />
        <Compositions folder="scenes" list={scenes} />
        <Compositions folder="fixtures" list={fixtures} />
      </Folder>
    ));
  };
}

/** What turns a composition of any Remotion project into a scene. */
import {
  Children,
  type ComponentType,
  isValidElement,
  type ReactElement,
  type ReactNode,
  useEffect,
  useState,
} from 'react';
import {
  type CalculateMetadataFunction,
  Composition,
  Folder,
  Still,
  useDelayRender,
  useVideoConfig,
} from 'remotion';
import { z } from 'zod';
import { SystemFonts } from './kit/fonts/system-fonts.tsx';
import { useImages } from './kit/photo.tsx';
import { imageInput } from './story/scene.ts';

type Props = Readonly<Record<string, unknown>>;

/** The props of a `<Composition>`, as far as they are used here. */
interface CompositionProps {
  readonly id: string;
  readonly width?: number;
  readonly height?: number;
  readonly fps?: number;
  readonly durationInFrames?: number;
  readonly defaultProps?: Props;
  readonly schema?: unknown;
  readonly component?: ComponentType<Props>;
  readonly lazyComponent?: () => Promise<{ readonly default: ComponentType<Props> }>;
  readonly calculateMetadata?: CalculateMetadataFunction<Record<string, unknown>>;
}

/** A composition as it is read from a project. */
export interface DescribedComposition {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly durationInFrames: number;
  readonly defaultProps: Props;
  /** JSON Schema of its props, if it declares them with a recent zod. */
  readonly schema: unknown;
  /** Whether its length or props are computed from its props. */
  readonly isComputed: boolean;
}

const isFunction = (value: unknown): value is (props: Props) => ReactNode => typeof value === 'function';

const propsOf = (element: ReactElement): { readonly children?: ReactNode } =>
  element.props as { readonly children?: ReactNode };

function collect(node: ReactNode, found: Map<string, CompositionProps>): void {
  Children.forEach(node, (child) => {
    if (!isValidElement(child)) return;
    const type: unknown = child.type;
    if (type === Composition || type === Still) {
      const props = child.props as CompositionProps;
      found.set(props.id, type === Still ? { fps: 30, durationInFrames: 1, ...props } : props);
    } else if (isFunction(type) && type !== Folder) {
      collect(type(child.props as Props), found);
    } else {
      collect(propsOf(child).children, found);
    }
  });
}

/**
 * The compositions that the exported components of a module list, by id.
 *
 * @param project the module that exports the project's root component, such as `src/Root.tsx`.
 */
function compositionsOf(project: unknown): ReadonlyMap<string, CompositionProps> {
  const found = new Map<string, CompositionProps>();
  for (const exported of Object.values(project as Readonly<Record<string, unknown>>)) {
    // Other exports of the module may be anything.
    if (isFunction(exported) && /^[A-Z]/.test(exported.name)) collect(exported({}), found);
  }
  return found;
}

/** Reads the compositions of a project, each with the metadata of its default props. */
export async function describeCompositions(project: unknown): Promise<readonly DescribedComposition[]> {
  const all = [...compositionsOf(project).values()].map(async (composition) => {
    const { id, defaultProps = {}, schema, calculateMetadata } = composition;
    const computed = await calculateMetadata?.({
      defaultProps: { ...defaultProps },
      props: { ...defaultProps },
      abortSignal: new AbortController().signal,
      compositionId: id,
      isRendering: true,
    });
    return {
      id,
      width: computed?.width ?? composition.width ?? 1920,
      height: computed?.height ?? composition.height ?? 1080,
      fps: computed?.fps ?? composition.fps ?? 30,
      durationInFrames: computed?.durationInFrames ?? composition.durationInFrames ?? 1,
      defaultProps,
      schema: schema instanceof z.ZodType ? z.toJSONSchema(schema, { unrepresentable: 'any' }) : undefined,
      isComputed: calculateMetadata !== undefined,
    };
  });
  return Promise.all(all);
}

/** Inputs as the composition takes them: a picture is its address, and one that is absent keeps its default. */
function useProps(inputs: Props): Props {
  const images = useImages();
  const propOf = (value: unknown): unknown => {
    const image = imageInput.safeParse(value);
    if (image.success) return image.data.kind === 'absent' ? undefined : images[image.data.hash];
    if (Array.isArray(value)) return value.map(propOf);
    return typeof value === 'object' && value !== null ? propsOf({ ...value }) : value;
  };
  const propsOf = (values: Props): Props =>
    Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => {
        const prop = propOf(value);
        return prop === undefined && value !== undefined ? [] : [[name, prop]];
      }),
    );
  return propsOf(inputs);
}

/** What `calculateMetadata` makes of the props; `undefined` until it has answered. */
function useMetadata({ id, calculateMetadata, defaultProps = {} }: CompositionProps, props: Props) {
  const { durationInFrames } = useVideoConfig();
  const { delayRender, continueRender, cancelRender } = useDelayRender();
  const [handle] = useState(() => delayRender(`calculateMetadata of ${id}`));
  const [computed, setComputed] = useState<Props>();
  const key = JSON.stringify(props);
  useEffect(() => {
    const aborting = new AbortController();
    const asked = { ...(JSON.parse(key) as Props) };
    Promise.resolve(
      calculateMetadata?.({
        ...{ defaultProps: { ...defaultProps }, props: asked, abortSignal: aborting.signal },
        ...{ compositionId: id, isRendering: true },
      }),
    )
      .then((metadata) => {
        const lasts = metadata?.durationInFrames ?? durationInFrames;
        if (lasts !== durationInFrames) {
          throw new Error(
            `calculateMetadata gives ${lasts} frames, and the scene lasts ${durationInFrames}. Let durationInFrames of the scene be a function that gives the same.`,
          );
        }
        setComputed(metadata?.props ?? asked);
        continueRender(handle);
      })
      .catch(cancelRender);
    return () => aborting.abort();
  }, [id, key, calculateMetadata, defaultProps, durationInFrames, handle, continueRender, cancelRender]);
  return computed;
}

/**
 * The component of a scene that shows a composition of a Remotion project, unchanged. Inputs are its props; props that
 * are no inputs keep their defaults.
 *
 * @param project the module that exports the project's root component, such as `src/Root.tsx`.
 * @throws Error naming the compositions of the project, if there is none with this id.
 */
export async function composition(project: unknown, id: string): Promise<(inputs: Props) => ReactElement> {
  const all = compositionsOf(project);
  const found = all.get(id);
  if (found === undefined)
    throw new Error(`The project has no composition "${id}", only ${[...all.keys()].join(', ')}.`);
  const Film = found.component ?? (await found.lazyComponent?.())?.default;
  if (Film === undefined) throw new Error(`The composition "${id}" has no component.`);
  const { defaultProps, calculateMetadata } = found;
  const Plain = (inputs: Props) => (
    <SystemFonts>
      <Film {...defaultProps} {...useProps(inputs)} />
    </SystemFonts>
  );
  if (calculateMetadata === undefined) return Plain;
  return function Computed(inputs: Props) {
    const props = useMetadata(found, { ...defaultProps, ...useProps(inputs) });
    return <SystemFonts>{props === undefined ? null : <Film {...props} />}</SystemFonts>;
  };
}

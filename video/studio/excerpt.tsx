import { type ComponentType, type ReactNode, useContext } from 'react';
import { Internals, Sequence } from 'remotion';
import type { BoundScene } from '../story/time-scene.ts';
import { excerptOf } from '../story/excerpt.ts';
import type { Excerpt } from '../story/scene.ts';
import type { Template } from '../story/template.ts';

type SceneComponent = ComponentType<Record<string, unknown>>;

/** What it contains reads the length of the whole scene, as in a render. */
function WholeLength({ of, children }: { readonly of: number; readonly children: ReactNode }) {
  const sequence = useContext(Internals.SequenceContext);
  return (
    <Internals.SequenceContext.Provider value={sequence && { ...sequence, durationInFrames: of }}>
      {children}
    </Internals.SequenceContext.Provider>
  );
}

/** Remounting a component restarts its media, so each is made once. */
const excerpts = new WeakMap<SceneComponent, Map<string, SceneComponent>>();

function partOf(Whole: SceneComponent, { from, of }: Excerpt): SceneComponent {
  const known = excerpts.get(Whole) ?? new Map<string, SceneComponent>();
  excerpts.set(Whole, known);
  const name = `${from}/${of}`;
  const made =
    known.get(name) ??
    function Part(inputs: Record<string, unknown>) {
      return (
        <Sequence from={-from} layout="none" showInTimeline={false}>
          <WholeLength of={of}>
            <Whole {...inputs} />
          </WholeLength>
        </Sequence>
      );
    };
  known.set(name, made);
  return made;
}

/** The component that shows a scene: its own, or some frames of a whole scene's or of a transition's. */
export function componentOf(
  { id, scenes }: Pick<Template, 'id' | 'scenes'>,
  bound: Pick<BoundScene, 'scene' | 'inputs' | 'durationInFrames'>,
  components: Readonly<Record<string, SceneComponent>>,
): SceneComponent {
  const { scene } = bound;
  const excerpt = excerptOf(scenes, scene, bound);
  const component = components[excerpt?.scene ?? scene];
  if (component === undefined)
    throw new Error(`Template ${id} has no component "${excerpt?.scene ?? scene}".`);
  return excerpt === undefined ? component : partOf(component, excerpt);
}

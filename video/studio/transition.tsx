import type { ComponentType } from 'react';
import { AbsoluteFill, Easing, useVideoConfig } from 'remotion';
import {
  linearTiming,
  springTiming,
  TransitionSeries,
  type TransitionPresentation,
} from '@remotion/transitions';
import { clockWipe } from '@remotion/transitions/clock-wipe';
import { fade } from '@remotion/transitions/fade';
import { flip } from '@remotion/transitions/flip';
import { iris } from '@remotion/transitions/iris';
import { none } from '@remotion/transitions/none';
import { pushCut } from '@remotion/transitions/push-cut';
import { slide } from '@remotion/transitions/slide';
import { wipe } from '@remotion/transitions/wipe';
import { inputsOfSide, lengthsIn, type Side } from '../story/excerpt.ts';
import type { SceneTransition } from '../story/scene.ts';
import { isKnownPresentation, type KnownPresentation } from '../story/transitions.ts';

type Props = Readonly<Record<string, unknown>>;

/** Makes a presentation of its props, and of the frame's size. */
export type MakePresentation = (
  props: Props & { readonly width: number; readonly height: number },
) => TransitionPresentation<Record<string, unknown>>;

const presentations = {
  'clock-wipe': clockWipe,
  fade,
  flip,
  iris,
  none,
  // By default it would leave the second scene enlarged.
  'push-cut': (props: object) => pushCut({ incomingEndScale: 1, ...props }),
  slide,
  wipe,
} satisfies Record<KnownPresentation, unknown>;

const ease = (progress: number): number => Easing.ease(progress);

const easings = {
  linear: undefined,
  'ease-in': Easing.in(ease),
  'ease-out': Easing.out(ease),
  'ease-in-out': Easing.inOut(ease),
} as const;

function timingOf({ frames, timing = 'linear' }: SceneTransition) {
  if (timing === 'spring') return springTiming({ durationInFrames: frames, config: { damping: 200 } });
  const easing = easings[timing];
  return linearTiming({ durationInFrames: frames, ...(easing && { easing }) });
}

/** The component of a transition: both scenes as a whole, overlapping. Each sees its own frames and its own length. */
export function transitionOf(
  transition: SceneTransition,
  components: Readonly<Record<string, ComponentType<Props>>>,
  own: Readonly<Record<string, MakePresentation>>,
): ComponentType<Props> {
  const { leaving, entering, presentation, props = {} } = transition;
  const make = isKnownPresentation(presentation)
    ? (presentations[presentation] as MakePresentation)
    : own[presentation];
  const timing = timingOf(transition);

  return function Transition(inputs: Props) {
    const { width, height } = useVideoConfig();
    const [Leaving, Entering] = [components[leaving.name], components[entering.name]];
    if (Leaving === undefined || Entering === undefined || make === undefined) {
      const missing =
        make === undefined ? `presentation "${presentation}"` : 'component of one of its scenes';
      throw new Error(`The module of the components exports no ${missing}.`);
    }
    const lengths = lengthsIn(inputs);
    const sequence = (side: Side, Scene: ComponentType<Props>) => (
      <TransitionSeries.Sequence durationInFrames={lengths[side]}>
        {/* Presentations lay out what they contain in their own ways. */}
        <AbsoluteFill>
          <Scene {...inputsOfSide(side, inputs)} />
        </AbsoluteFill>
      </TransitionSeries.Sequence>
    );
    return (
      <TransitionSeries>
        {sequence('leaving', Leaving)}
        <TransitionSeries.Transition presentation={make({ ...props, width, height })} timing={timing} />
        {sequence('entering', Entering)}
      </TransitionSeries>
    );
  };
}

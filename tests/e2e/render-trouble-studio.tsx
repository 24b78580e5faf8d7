import { useEffect, useState } from 'react';
import {
  AbsoluteFill,
  Composition,
  cancelRender,
  registerRoot,
  useCurrentFrame,
  useDelayRender,
} from 'remotion';

interface Props extends Record<string, unknown> {
  readonly inputs: Readonly<Record<string, string>>;
}

function Throws({ inputs }: Props) {
  if (useCurrentFrame() === 3) throw new Error(`cannot draw ${inputs['name'] ?? ''}`);
  return <AbsoluteFill />;
}

function Cancels() {
  if (useCurrentFrame() === 1) cancelRender(new Error('no font'));
  return <AbsoluteFill />;
}

function Hangs() {
  if (useCurrentFrame() === 2) for (;;);
  return <AbsoluteFill />;
}

/** Remembers what it was first given: shows white only if it began with these inputs. */
function Remembers({ inputs }: Props) {
  const [first] = useState(inputs['name']);
  return <AbsoluteFill style={{ backgroundColor: first === inputs['name'] ? 'white' : 'red' }} />;
}

/** White when the address answers, black when it cannot be reached. */
function Reaches({ inputs }: Props) {
  const { delayRender, continueRender } = useDelayRender();
  const [handle] = useState(() => delayRender('fetching'));
  const [reached, setReached] = useState(false);
  useEffect(() => {
    fetch(inputs['url'] ?? '', { mode: 'no-cors' })
      .then(
        () => setReached(true),
        () => setReached(false),
      )
      .finally(() => setTimeout(() => continueRender(handle), 50));
  }, [inputs, handle, continueRender]);
  return <AbsoluteFill style={{ backgroundColor: reached ? 'white' : 'black' }} />;
}

function Plain() {
  return <AbsoluteFill style={{ backgroundColor: `hsl(${useCurrentFrame()} 80% 50%)` }} />;
}

const size = { width: 320, height: 180, fps: 15, durationInFrames: 10, defaultProps: { inputs: {} } };

registerRoot(() => (
  <>
    <Composition id="trouble--throws" component={Throws} {...size} />
    <Composition id="trouble--cancels" component={Cancels} {...size} />
    <Composition id="trouble--hangs" component={Hangs} {...size} />
    <Composition id="trouble--remembers" component={Remembers} {...size} />
    <Composition
      id="trouble--remembers-computed"
      component={Remembers}
      calculateMetadata={() => size}
      defaultProps={size.defaultProps}
    />
    <Composition id="trouble--reaches" component={Reaches} {...size} />
    <Composition id="trouble--plain" component={Plain} {...size} />
  </>
));

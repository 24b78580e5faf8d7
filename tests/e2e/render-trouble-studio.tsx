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

/** Ways to change what scenes share, as effects of careless scenes do. */
const stains: Readonly<Record<string, () => void>> = {
  'style tag': () => {
    const style = document.createElement('style');
    style.textContent = '.stainable { background-color: red !important }';
    document.head.append(style);
  },
  'style rule': () => {
    document.styleSheets[0]?.insertRule('.stainable { background-color: red !important }');
  },
  'adopted style sheet': () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('.stainable { background-color: red !important }');
    document.adoptedStyleSheets.push(sheet);
  },
  'attribute of the document': () => {
    document.documentElement.style.filter = 'invert(1)';
  },
  global: () => Object.assign(window, { stain: true }),
  'session storage': () => sessionStorage.setItem('stain', 'yes'),
  'indexed database': () => {
    indexedDB.open('stain');
    Object.assign(window, { stainedDatabase: true });
  },
};

function Stains({ inputs }: Props) {
  useEffect(() => {
    stains[inputs['how'] ?? '']?.();
  }, [inputs]);
  return <AbsoluteFill style={{ backgroundColor: 'blue' }} />;
}

/** White in a page that nothing was done to. */
function Stainable() {
  const { delayRender, continueRender } = useDelayRender();
  const [handle] = useState(() => delayRender('listing databases'));
  const [databases, setDatabases] = useState(0);
  useEffect(() => {
    void indexedDB.databases().then(({ length }) => {
      setDatabases(length);
      setTimeout(() => continueRender(handle), 50);
    });
  }, [handle, continueRender]);
  const stained = databases > 0 || 'stain' in window || sessionStorage.length > 0;
  return <AbsoluteFill className="stainable" style={{ backgroundColor: stained ? 'red' : 'white' }} />;
}

/** Throws when its clip is over: while it is unmounted, soon after, or when the next one is being drawn. */
function ThrowsLate({ inputs }: Props) {
  useEffect(
    () => () => {
      const when = inputs['when'] ?? '';
      if (when === 'at unmount') throw new Error('late');
      if (when === 'as a rejection') void Promise.reject(new Error('late'));
      if (when !== 'on the next clip') return;
      const drawn = setInterval(() => {
        if (document.querySelector('.stainable') === null) return;
        clearInterval(drawn);
        throw new Error('late');
      }, 1);
    },
    [inputs],
  );
  return <AbsoluteFill style={{ backgroundColor: 'green' }} />;
}

const loadLoud = () => import('./render-trouble-loud.tsx');

const size = { width: 320, height: 180, fps: 15, durationInFrames: 10, defaultProps: { inputs: {} } };

/** Those of templates compute their metadata; a page that showed others is loaded again. */
const warm = { ...size, calculateMetadata: () => size };

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
    <Composition id="trouble--stains" component={Stains} {...warm} />
    <Composition id="trouble--stainable" component={Stainable} {...warm} />
    <Composition id="trouble--throws-late" component={ThrowsLate} {...warm} />
    <Composition id="loud--scene" lazyComponent={loadLoud} {...warm} />
    <Composition id="quiet--scene" component={Stainable} {...warm} />
  </>
));

import { z } from 'zod';
import {
  AbsoluteFill,
  interpolate,
  random,
  Sequence,
  spring,
  useCurrentFrame,
  useVideoConfig,
} from 'remotion';
import { choice, defineScene, defineTemplate, text } from 'bespoke/template';

const inputs = z.object({ firstName: z.string(), plan: z.enum(['Basic', 'Plus']) });

/** A film of one composition, as studios have them: ten seconds, of which a name and a plan are seen for three each. */
export const film = defineTemplate({
  id: 'film',
  record: {
    firstName: text({ label: 'First name', personal: true, example: 'Anna' }),
    plan: choice(['Basic', 'Plus'], { label: 'Plan', personal: false }),
  },
  formats: ['16:9'],
  fps: 30,
  scenes: { film: defineScene({ inputs, durationInFrames: 300 }) },
});

const title = { fontFamily: 'Manrope Variable', fontWeight: 800, color: '#fdf6e3', margin: 120 } as const;

function Title({ children }: { readonly children: string }) {
  const frame = useCurrentFrame();
  const { fps } = useVideoConfig();
  const shown = spring({ frame, fps, config: { damping: 200 } });
  return (
    <h1 style={{ ...title, fontSize: 180, opacity: shown, translate: `0 ${60 - 60 * shown}px` }}>
      {children}
    </h1>
  );
}

/** Dots that move all the time, so that no frame is like the one before. */
function Ground() {
  const frame = useCurrentFrame();
  return Array.from({ length: 60 }, (_, dot) => {
    const at = random(`x ${dot}`);
    const style = {
      ...({ position: 'absolute', width: 60, height: 60 } as const),
      ...{ borderRadius: '50%', background: '#e9c46a' },
      left: `${100 * at}%`,
      top: interpolate((frame * (1 + at) + 1080 * random(`y ${dot}`)) % 1140, [0, 1140], [-60, 1080]),
      opacity: 0.15 + 0.35 * random(`o ${dot}`),
    } as const;
    return <div key={dot} style={style} />;
  });
}

function Film({ firstName, plan }: z.infer<typeof inputs>) {
  return (
    <AbsoluteFill style={{ background: 'linear-gradient(160deg, #264653, #2a9d8f)' }}>
      <Ground />
      <Sequence durationInFrames={120} layout="none">
        <Title>Your year with us</Title>
      </Sequence>
      <Sequence from={120} durationInFrames={90} layout="none">
        <Title>{`Thank you, ${firstName}!`}</Title>
      </Sequence>
      <Sequence from={210} layout="none">
        <Title>{`${plan} continues.`}</Title>
      </Sequence>
    </AbsoluteFill>
  );
}

export const components = { film: Film };

import type { SceneComponents } from 'bespoke/template';
import { AbsoluteFill, spring, useCurrentFrame, useVideoConfig } from 'remotion';
import type { hello } from './template.ts';

function Greeting({ firstName }: { readonly firstName: string }) {
  const frame = useCurrentFrame();
  const { fps, height } = useVideoConfig();
  const scale = spring({ frame, fps, config: { damping: 14 } });
  return (
    <AbsoluteFill style={{ background: '#143642', placeItems: 'center', placeContent: 'center' }}>
      <div style={{ color: '#f4d58d', fontSize: height / 9, fontWeight: 700, scale }}>
        Hello, {firstName}!
      </div>
    </AbsoluteFill>
  );
}

export const components: SceneComponents<typeof hello> = { greeting: Greeting };

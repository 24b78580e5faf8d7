import { Gif } from '@remotion/gif';
import { Lottie, type LottieAnimationData } from '@remotion/lottie';
import { Audio as MediaAudio, Video } from '@remotion/media';
import { ThreeCanvas } from '@remotion/three';
import type { ComponentType } from 'react';
import {
  AbsoluteFill,
  AnimatedImage,
  Composition,
  Html5Audio,
  Html5Video,
  Img,
  OffthreadVideo,
  registerRoot,
  Sequence,
  staticFile,
  useCurrentFrame,
} from 'remotion';

const fill = { width: '100%', height: '100%' } as const;

/** The grey of a number, from 0 to 1. */
const greyOf = (frame: number): number => (10 + 8 * frame) / 255;

/** A square that takes another grey with each frame. */
const counting: LottieAnimationData = {
  ...{ v: '5.7.0', fr: 10, ip: 0, op: 30, w: 100, h: 100, nm: 'count', ddd: 0, assets: [] },
  layers: [
    {
      ...{ ddd: 0, ind: 1, ty: 4, nm: 'square', sr: 1, ip: 0, op: 30, st: 0, bm: 0 },
      ks: { p: { a: 0, k: [50, 50, 0] } },
      shapes: [
        { ty: 'rc', nm: 'rect', p: { a: 0, k: [0, 0] }, s: { a: 0, k: [100, 100] }, r: { a: 0, k: 0 } },
        {
          ...{ ty: 'fl', nm: 'fill', o: { a: 0, k: 100 }, r: 1 },
          c: {
            a: 1,
            k: Array.from({ length: 30 }, (_, frame) => {
              const grey = greyOf(frame);
              return { t: frame, s: [grey, grey, grey, 1], h: 1 };
            }),
          },
        },
      ],
    },
  ],
};

const scenes: Readonly<Record<string, ComponentType>> = {
  video: () => <Video src={staticFile('count.mp4')} style={fill} />,
  trimmed: () => <Video src={staticFile('count.mp4')} trimBefore={7} style={fill} />,
  offthread: () => <OffthreadVideo src={staticFile('count.mp4')} style={fill} />,
  vp9: () => <Video src={staticFile('count.webm')} style={fill} />,
  html5: () => <Html5Video src={staticFile('count.mp4')} style={fill} />,
  hevc: () => <OffthreadVideo src={staticFile('hevc.mp4')} style={fill} />,
  // Blue shows through the left half of both.
  'see-through': () => (
    <AbsoluteFill style={{ backgroundColor: 'blue' }}>
      <Video src={staticFile('half.webm')} style={fill} />
    </AbsoluteFill>
  ),
  'animated-image': () => (
    <AbsoluteFill style={{ backgroundColor: 'blue' }}>
      <AnimatedImage src={staticFile('half.webp')} fit="fill" width={1920} height={1080} />
    </AbsoluteFill>
  ),
  lottie: () => <Lottie animationData={counting} style={fill} />,
  three: function Three() {
    const grey = greyOf(useCurrentFrame());
    return (
      <ThreeCanvas width={1920} height={1080} flat linear orthographic camera={{ position: [0, 0, 5] }}>
        <mesh>
          <planeGeometry args={[4_000, 4_000]} />
          <meshBasicMaterial color={[grey, grey, grey]} toneMapped={false} />
        </mesh>
      </ThreeCanvas>
    );
  },
  image: () => <Img src={staticFile('red dot.png')} style={fill} />,
  gif: () => <Gif src={staticFile('count.gif')} fit="fill" width={1920} height={1080} />,
  silence: () => <AbsoluteFill style={{ backgroundColor: `hsl(${useCurrentFrame()} 80% 50%)` }} />,
  speaking: () => <Video src={staticFile('speaking.mp4')} style={fill} />,
  mixed: () => (
    <>
      <Html5Audio src={staticFile('tone.wav')} volume={(frame) => frame / 30} />
      <Sequence from={5} durationInFrames={10}>
        <Html5Audio src={staticFile('tone.wav')} playbackRate={1.5} trimBefore={3} volume={0.5} />
      </Sequence>
      <Sequence from={12}>
        <MediaAudio src={staticFile('tone.wav')} loop trimAfter={4} volume={0.3} />
      </Sequence>
      <Video src={staticFile('speaking.mp4')} style={fill} />
    </>
  ),
  missing: () => <Html5Audio src={staticFile('nowhere.wav')} />,
  remote: () => <Html5Audio src="https://example.com/voice.mp3" />,
};

registerRoot(() =>
  Object.entries(scenes).map(([name, component]) => (
    <Composition
      key={name}
      id={`footage--${name}`}
      component={component}
      durationInFrames={30}
      fps={10}
      width={1920}
      height={1080}
    />
  )),
);

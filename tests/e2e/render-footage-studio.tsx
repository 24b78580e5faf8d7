import { Gif } from '@remotion/gif';
import { Audio as MediaAudio, Video } from '@remotion/media';
import type { ComponentType } from 'react';
import {
  AbsoluteFill,
  Composition,
  Html5Audio,
  Img,
  OffthreadVideo,
  registerRoot,
  Sequence,
  staticFile,
  useCurrentFrame,
} from 'remotion';

const fill = { width: '100%', height: '100%' } as const;

const scenes: Readonly<Record<string, ComponentType>> = {
  video: () => <Video src={staticFile('count.mp4')} style={fill} />,
  trimmed: () => <Video src={staticFile('count.mp4')} trimBefore={7} style={fill} />,
  offthread: () => <OffthreadVideo src={staticFile('count.mp4')} style={fill} />,
  vp9: () => <Video src={staticFile('count.webm')} style={fill} />,
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

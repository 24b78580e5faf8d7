/**
 * Mixes what the components of a clip play as Remotion does for its own renders:
 * `node mix-clip-sound.mjs <frames> <output>`. `frames` is a file with a line of JSON for the clip (`fps`,
 * `durationInFrames`, `firstFrame` of the composition), then one for each frame that plays something (`frame` from there on,
 * `sounds`: Remotion's render assets). The output is a WAV of 48 kHz, as long as the clip. A process of its own: what it starts gets this process's environment,
 * which has no secrets, and its temporary files lie in the folder that the caller removes.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { RenderInternals, stitchFramesToVideo } from '@remotion/renderer';

const [input, output] = process.argv.slice(2);
const sampleRate = 48_000;
const downloadMap = RenderInternals.makeDownloadMap(sampleRate);

let clip;
let assets = [];
for await (const line of createInterface({ input: createReadStream(input), crlfDelay: Infinity })) {
  if (clip === undefined) {
    clip = JSON.parse(line);
    assets = Array.from({ length: clip.durationInFrames }, (_, frame) => ({
      ...{ frame, audioAndVideoAssets: [], artifactAssets: [], inlineAudioAssets: [] },
    }));
    continue;
  }
  const { frame, sounds } = JSON.parse(line);
  for (const sound of sounds) {
    if (sound.type !== 'inline-audio') {
      assets[frame].audioAndVideoAssets.push(sound);
      continue;
    }
    downloadMap.inlineAudioMixing.addAsset({
      asset: sound,
      fps: clip.fps,
      totalNumberOfFrames: clip.durationInFrames,
      firstFrame: clip.firstFrame,
      trimLeftOffset: 0,
      trimRightOffset: 0,
    });
  }
}

await stitchFramesToVideo({
  assetsInfo: {
    assets,
    imageSequenceName: '',
    firstFrameIndex: 0,
    downloadMap,
    trimLeftOffset: 0,
    trimRightOffset: 0,
    chunkLengthInSeconds: clip.durationInFrames / clip.fps,
    forSeamlessAacConcatenation: false,
  },
  codec: 'wav',
  outputLocation: output,
  force: true,
  fps: clip.fps,
  width: 2,
  height: 2,
  sampleRate,
});
// Remotion keeps temporary files and listeners.
process.exit(0);

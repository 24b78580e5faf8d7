import { rm, writeFile } from 'node:fs/promises';
import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathSource,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  MP4,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { z } from 'zod';
import type { BespokeError } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';
import { runTool } from './ffmpeg.ts';

const text = z.string().default('unknown');
const stream = z.object({
  codec_name: text,
  profile: text,
  pix_fmt: text,
  width: z.number(),
  height: z.number(),
  r_frame_rate: text,
  time_base: text,
  color_range: text,
  color_space: text,
});
const probed = z.object({ streams: z.tuple([stream]) });

/** The codec parameters that clips must share to be joined, as text. @throws BespokeError `media-failed`. */
export async function probeParameters(video: string): Promise<Readonly<Record<string, string>>> {
  const answer = await runTool('ffprobe', [
    ...[
      '-loglevel',
      'error',
      '-select_streams',
      'v:0',
      '-show_entries',
      `stream=${Object.keys(stream.shape).join(',')}`,
    ],
    ...['-of', 'json', `file:${video}`],
  ]);
  const [found] = probed.parse(JSON.parse(answer.toString())).streams;
  return {
    codec: `${found.codec_name} ${found.profile}`,
    pixels: found.pix_fmt,
    size: `${found.width} by ${found.height}`,
    'frame rate': found.r_frame_rate,
    'time base': found.time_base,
    colour: `${found.color_space} ${found.color_range}`,
  };
}

/** The video tracks of clips and the sound track of a mix; `close` closes their files. */
class Sources {
  readonly #inputs: Input[] = [];

  #open(file: string): Input {
    const input = new Input({ source: new FilePathSource(file), formats: [MP4] });
    this.#inputs.push(input);
    return input;
  }

  async video(file: string): Promise<InputVideoTrack> {
    const track = await this.#open(file).getPrimaryVideoTrack();
    if (track === null) throw new Error('a clip has no video track.');
    return track;
  }

  async sound(file: string): Promise<InputAudioTrack> {
    const track = await this.#open(file).getPrimaryAudioTrack();
    if (track === null) throw new Error('a mix has no audio track.');
    return track;
  }

  close(): void {
    for (const input of this.#inputs) input.dispose();
  }
}

/**
 * Joins clips and adds the mix without encoding anything. Clips have equal codec parameters and start with an IDR
 * frame, so every frame is there once. The index is at the start of the file, for players that start while they
 * load.
 *
 * @throws BespokeError `media-failed`, `disk-full`.
 */
export async function joinClips(clips: readonly string[], mix: string, file: string): Promise<void> {
  const sources = new Sources();
  const picture = new EncodedVideoPacketSource('avc');
  const sound = new EncodedAudioPacketSource('aac');
  // The index comes first, so the file is built in memory anyway. Node writes it and notices a full disk:
  // `FilePathTarget` mistakes a write that stored only a part for a complete one.
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  output.addVideoTrack(picture);
  output.addAudioTrack(sound);

  async function addPictures(): Promise<void> {
    let start = 0;
    let decoderConfig: VideoDecoderConfig | null | undefined;
    for (const clip of clips) {
      const track = await sources.video(clip);
      decoderConfig ??= await track.getDecoderConfig();
      let end = start;
      for await (const packet of new EncodedPacketSink(track).packets()) {
        const timestamp = start + packet.timestamp;
        end = Math.max(end, timestamp + packet.duration);
        await picture.add(
          packet.clone({ timestamp }),
          decoderConfig === null ? undefined : { decoderConfig },
        );
      }
      start = end;
    }
    picture.close();
  }

  async function addSound(): Promise<void> {
    const track = await sources.sound(mix);
    const decoderConfig = await track.getDecoderConfig();
    for await (const packet of new EncodedPacketSink(track).packets()) {
      await sound.add(packet, decoderConfig === null ? undefined : { decoderConfig });
    }
    sound.close();
  }

  try {
    await output.start();
    await Promise.all([addPictures(), addSound()]);
    await output.finalize();
  } catch (error) {
    await output.cancel().catch(() => undefined);
    throw joiningFailure(error);
  } finally {
    sources.close();
  }
  try {
    if (target.buffer === null) throw new Error('nothing was written.');
    await writeFile(file, new Uint8Array(target.buffer), { mode: 0o600 });
  } catch (error) {
    await rm(file, { force: true });
    throw joiningFailure(error);
  }
}

function joiningFailure(error: unknown): BespokeError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return errors.diskFull({ file: 'the video' }, { cause: error });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return errors.clipsNotJoined({ why: reason }, { cause: error });
}

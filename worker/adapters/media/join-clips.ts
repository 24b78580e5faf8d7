import { rm, writeFile } from 'node:fs/promises';
import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathSource,
  Input,
  MP4,
  Mp4OutputFormat,
  Output,
  type InputAudioTrack,
  type InputVideoTrack,
} from 'mediabunny';
import type { BespokeError } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';

/** The one video track of a clip and the one sound track of a mix, with what closes their files. */
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
 * Joins clips and lays the mix under them without encoding anything again. Clips share their codec
 * parameters and begin with an IDR frame, so that every frame is there once. The index comes first in
 * the file, for players that start while they load.
 *
 * @throws BespokeError `media-failed`, `disk-full`.
 */
export async function joinClips(clips: readonly string[], mix: string, file: string): Promise<void> {
  const sources = new Sources();
  const picture = new EncodedVideoPacketSource('avc');
  const sound = new EncodedAudioPacketSource('aac');
  // The index comes first, so that the file is put together in memory anyway. It is written by Node, which
  // notices a full disk: `FilePathTarget` takes a write that stored only a part for a whole one.
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

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BespokeError } from '../../../errors/bespoke-error.ts';

export const sampleRate = 48_000;

/** Interleaved stereo samples, -1 to 1, at `sampleRate`. */
export type Stereo = Float32Array;

function unreadable(file: string, why: string): BespokeError {
  return new BespokeError(
    'sound-unreadable',
    `The sound ${path.basename(file)} ${why}; it must be a WAV of 16-bit PCM at 48 kHz, mono or stereo.`,
  );
}

/** Source of the layout: RIFF WAVE, chunks `fmt ` and `data`. */
function parseWav(bytes: Buffer, file: string): Stereo {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    throw unreadable(file, 'is no WAV file');
  }
  let channels = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const body = at + 8;
    if (name === 'fmt ') {
      channels = bytes.readUInt16LE(body + 2);
      const usual = [1, 0xfffe].includes(bytes.readUInt16LE(body));
      const fits = bytes.readUInt32LE(body + 4) === sampleRate && bytes.readUInt16LE(body + 14) === 16;
      if (!usual || !fits || (channels !== 1 && channels !== 2)) throw unreadable(file, 'has another form');
    }
    if (name === 'data' && channels > 0) {
      const frames = Math.floor(Math.min(size, bytes.length - body) / (2 * channels));
      const samples = new Float32Array(frames * 2);
      for (let frame = 0; frame < frames; frame += 1) {
        const left = bytes.readInt16LE(body + frame * channels * 2) / 32_768;
        samples[frame * 2] = left;
        samples[frame * 2 + 1] =
          channels === 1 ? left : bytes.readInt16LE(body + frame * channels * 2 + 2) / 32_768;
      }
      return samples;
    }
    at = body + size + (size % 2);
  }
  throw unreadable(file, 'holds no samples');
}

/** @throws BespokeError `sound-unreadable`. */
export async function readWav(file: string): Promise<Stereo> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new BespokeError('sound-unreadable', `The sound ${path.basename(file)} cannot be read.`, { cause });
  });
  return parseWav(bytes, file);
}

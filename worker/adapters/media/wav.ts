export const sampleRate = 48_000;

/** Stereo sound at 48 kHz, samples between -1 and 1. */
export interface Pcm {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

interface Layout {
  readonly float: boolean;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
  readonly start: number;
  readonly end: number;
}

function readLayout(wav: Buffer): Layout | undefined {
  if (wav.toString('latin1', 0, 4) !== 'RIFF' || wav.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  let format: Omit<Layout, 'start' | 'end'> | undefined;
  for (let at = 12; at + 8 <= wav.length;) {
    const id = wav.toString('latin1', at, at + 4);
    const size = wav.readUInt32LE(at + 4);
    const start = at + 8;
    if (id === 'fmt ') {
      const extensible = wav.readUInt16LE(start) === 0xfffe;
      format = {
        float: wav.readUInt16LE(extensible ? start + 24 : start) === 3,
        channels: wav.readUInt16LE(start + 2),
        rate: wav.readUInt32LE(start + 4),
        bits: wav.readUInt16LE(start + 14),
      };
    }
    // A stream's length is unknown when its header is written.
    if (id === 'data' && format) return { ...format, start, end: Math.min(start + size, wav.length) };
    at = start + size + (size % 2);
  }
  return undefined;
}

function sampleReader(wav: Buffer, { float, bits }: Layout): ((at: number) => number) | undefined {
  if (float && bits === 32) return (at) => wav.readFloatLE(at);
  if (float) return undefined;
  if (bits === 16) return (at) => wav.readInt16LE(at) / 0x8000;
  if (bits === 24) return (at) => wav.readIntLE(at, 3) / 0x80_0000;
  if (bits === 32) return (at) => wav.readInt32LE(at) / 0x8000_0000;
  return undefined;
}

/** Reads a WAV of 48 kHz, mono or stereo. @returns `undefined` for any other kind. */
export function parseWav(wav: Buffer): Pcm | undefined {
  const layout = readLayout(wav);
  if (layout === undefined || layout.rate !== sampleRate || layout.channels > 2) return undefined;
  const read = sampleReader(wav, layout);
  if (read === undefined) return undefined;
  const { channels, bits, start, end } = layout;
  const width = bits / 8;
  const length = Math.floor((end - start) / (width * channels));
  const left = new Float32Array(length);
  const right = channels === 2 ? new Float32Array(length) : left;
  for (let index = 0; index < length; index += 1) {
    const at = start + index * width * channels;
    left[index] = read(at);
    if (channels === 2) right[index] = read(at + width);
  }
  return { left, right };
}

/** A 16-bit WAV. @param channels with one, of the left. */
export function writeWav({ left, right }: Pcm, channels: 1 | 2 = 2): Buffer {
  const frameBytes = 2 * channels;
  const bytes = left.length * frameBytes;
  const wav = Buffer.alloc(44 + bytes);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + bytes, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(channels, 22);
  wav.writeUInt32LE(sampleRate, 24);
  wav.writeUInt32LE(sampleRate * frameBytes, 28);
  wav.writeUInt16LE(frameBytes, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(bytes, 40);
  const samples = new Int16Array(left.length * channels);
  for (let index = 0; index < left.length; index += 1) {
    samples[channels * index] = Math.round((left[index] ?? 0) * 0x7fff);
    if (channels === 2) samples[2 * index + 1] = Math.round((right[index] ?? 0) * 0x7fff);
  }
  Buffer.from(samples.buffer).copy(wav, 44);
  return wav;
}

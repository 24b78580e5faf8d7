import { sampleRate, type Stereo } from './stereo.ts';

const headerBytes = 44;
const bytesPerFrame = 4;
const fullScale = 32767;

/**
 * Writes 48 kHz, 16-bit, stereo PCM. Samples are rounded, not dithered, so that equal music gives
 * equal bytes; what lies beyond ±1 is clamped.
 */
export function encodeWav({ left, right }: Stereo): Uint8Array {
  const dataBytes = left.length * bytesPerFrame;
  const bytes = new Uint8Array(headerBytes + dataBytes);
  const view = new DataView(bytes.buffer);
  const writeText = (offset: number, text: string): void => {
    for (let index = 0; index < text.length; index += 1)
      view.setUint8(offset + index, text.charCodeAt(index));
  };
  writeText(0, 'RIFF');
  view.setUint32(4, headerBytes - 8 + dataBytes, true);
  writeText(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 2, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * bytesPerFrame, true);
  view.setUint16(32, bytesPerFrame, true);
  view.setUint16(34, 16, true);
  writeText(36, 'data');
  view.setUint32(40, dataBytes, true);
  const quantize = (sample: number): number => Math.round(Math.min(1, Math.max(-1, sample)) * fullScale);
  for (let index = 0; index < left.length; index += 1) {
    view.setInt16(headerBytes + index * bytesPerFrame, quantize(left[index]!), true);
    view.setInt16(headerBytes + index * bytesPerFrame + 2, quantize(right[index]!), true);
  }
  return bytes;
}

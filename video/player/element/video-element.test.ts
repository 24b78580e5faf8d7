import { expect, it } from 'vitest';
import { clipType } from './video-element.ts';

const bytesOf = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...part].map((each) => each.charCodeAt(0)) : part)),
  );

it('reads profile, compatibility and level of a clip', () => {
  const bytes = bytesOf('....ftyp....moov', [0, 0, 0, 40], 'avcC', [1, 0x64, 0x00, 0x1f, 0xff]);
  expect(clipType(bytes)).toBe('video/mp4; codecs="avc1.64001f"');
});

it('reports that they are not there yet', () => {
  expect(clipType(bytesOf('....ftyp....moov'))).toBeUndefined();
  expect(clipType(bytesOf('....avcC', [1, 0x64]))).toBeUndefined();
});

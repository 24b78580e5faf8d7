/** Finds four letters in bytes. */
function find(bytes: Uint8Array, letters: string): number {
  const codes = [...letters].map((letter) => letter.charCodeAt(0));
  return bytes.findIndex((_, at) => codes.every((code, offset) => bytes[at + offset] === code));
}

/**
 * The type of a clip as Media Source wants it told. All clips of a film share it.
 *
 * @returns `undefined` where the bytes hold no AVC configuration (yet).
 */
export function clipType(bytes: Uint8Array): string | undefined {
  const at = find(bytes.subarray(0, 4096), 'avcC');
  if (at < 0 || bytes.length < at + 8) return undefined;
  // Behind the version: profile, compatibility and level, as RFC 6381 wants them.
  const digits = [...bytes.subarray(at + 5, at + 8)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `video/mp4; codecs="avc1.${digits.join('')}"`;
}

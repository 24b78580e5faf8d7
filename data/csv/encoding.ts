/** The encodings that exports come in. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Turns chunks of bytes into text; `end` answers with what was held back and fails on a torn character. */
export interface Decoder {
  readonly write: (bytes: Uint8Array) => string;
  readonly end: () => string;
}

/** Bytes 0x80 to 0x9F of Windows-1252; the five that it leaves undefined show as damage. */
const upperControls =
  '\u20AC\uFFFD\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\uFFFD\u017D\uFFFD' +
  '\uFFFD\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\uFFFD\u017E\u0178';

/** Own table, because Node's own decoder has taken this encoding for Latin-1 (nodejs/node#56542). */
function decodeWindows1252(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/[\x80-\x9F]/g, (character) => upperControls[character.charCodeAt(0) - 0x80] ?? '\uFFFD');
}

/**
 * A decoder that leaves out a byte order mark.
 *
 * @throws TypeError from `write` and `end` for bytes that the encoding does not allow.
 */
export function createDecoder(encoding: Encoding): Decoder {
  if (encoding === 'windows-1252') return { write: decodeWindows1252, end: () => '' };
  const decoder = new TextDecoder(encoding, { fatal: true });
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

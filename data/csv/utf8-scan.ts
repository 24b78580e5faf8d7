/** What bytes look like when taken for UTF-8. */
export interface Utf8Scan {
  /** Characters of more than one byte that are well formed. */
  readonly wide: number;
  /** Sequences that are not UTF-8. */
  readonly invalid: number;
  /** Line of the first invalid sequence, counted from 1; 0 where there is none. */
  readonly invalidLine: number;
}

/** Checks bytes as they come; chunks may split a character. */
export interface Utf8Scanner {
  readonly write: (bytes: Uint8Array) => void;
  readonly end: () => Utf8Scan;
}

/** Well-formed second bytes by first byte (The Unicode Standard, table 3-7): rest length, low, high. */
function sequenceOf(first: number): readonly [rest: number, low: number, high: number] | undefined {
  if (first >= 0xc2 && first <= 0xdf) return [1, 0x80, 0xbf];
  if (first === 0xe0) return [2, 0xa0, 0xbf];
  if (first === 0xed) return [2, 0x80, 0x9f];
  if (first >= 0xe1 && first <= 0xef) return [2, 0x80, 0xbf];
  if (first === 0xf0) return [3, 0x90, 0xbf];
  if (first >= 0xf1 && first <= 0xf3) return [3, 0x80, 0xbf];
  if (first === 0xf4) return [3, 0x80, 0x8f];
  return undefined;
}

/** Reads a whole file in constant memory and counts, where a decoder would only stop. */
export function createUtf8Scanner(): Utf8Scanner {
  let line = 1;
  let rest = 0;
  let low = 0x80;
  let high = 0xbf;
  let wide = 0;
  let invalid = 0;
  let invalidLine = 0;

  const fail = () => {
    invalid += 1;
    if (invalidLine === 0) invalidLine = line;
    rest = 0;
  };

  const start = (byte: number) => {
    if (byte < 0x80) {
      if (byte === 0x0a) line += 1;
      return;
    }
    const sequence = sequenceOf(byte);
    if (sequence === undefined) fail();
    else [rest, low, high] = sequence;
  };

  return {
    write: (bytes) => {
      for (const byte of bytes) {
        if (rest === 0) start(byte);
        else if (byte >= low && byte <= high) {
          rest -= 1;
          low = 0x80;
          high = 0xbf;
          if (rest === 0) wide += 1;
        } else {
          fail();
          start(byte);
        }
      }
    },
    end: () => {
      if (rest > 0) fail();
      return { wide, invalid, invalidLine };
    },
  };
}

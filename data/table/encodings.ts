import iconv from 'iconv-lite';

/** Encodings that files may have, under the names that `--encoding` takes, and as people read them. */
export const encodingNames = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  'utf-32le': 'UTF-32',
  'utf-32be': 'UTF-32',
  'windows-1252': 'Windows-1252',
  'windows-1250': 'Windows-1250',
  'windows-1251': 'Windows-1251',
  'windows-1253': 'Windows-1253',
  'windows-1254': 'Windows-1254',
  'windows-1255': 'Windows-1255',
  'windows-1256': 'Windows-1256',
  'windows-1257': 'Windows-1257',
  'windows-1258': 'Windows-1258',
  'windows-874': 'Windows-874',
  'iso-8859-2': 'ISO 8859-2',
  'iso-8859-15': 'ISO 8859-15',
  'koi8-r': 'KOI8-R',
  'koi8-u': 'KOI8-U',
  macroman: 'MacRoman',
  cp850: 'code page 850',
  cp866: 'code page 866',
  shift_jis: 'Shift_JIS',
  'euc-jp': 'EUC-JP',
  gb18030: 'GB18030',
  big5: 'Big5',
  'euc-kr': 'EUC-KR',
} as const;

export type Encoding = keyof typeof encodingNames;

export const encodings = Object.keys(encodingNames) as [Encoding, ...Encoding[]];

/** Other names of the same, without case and punctuation. */
const otherNames: Readonly<Record<string, Encoding>> = {
  utf16: 'utf-16le',
  unicode: 'utf-16le',
  utf32: 'utf-32le',
  // Programs that write one of these two names mean Windows-1252, as browsers do.
  iso88591: 'windows-1252',
  latin1: 'windows-1252',
  ansi: 'windows-1252',
  latin2: 'iso-8859-2',
  latin9: 'iso-8859-15',
  mac: 'macroman',
  macintosh: 'macroman',
  xmacroman: 'macroman',
  ibm850: 'cp850',
  ibm866: 'cp866',
  sjis: 'shift_jis',
  cp932: 'shift_jis',
  windows31j: 'shift_jis',
  windows932: 'shift_jis',
  gbk: 'gb18030',
  gb2312: 'gb18030',
  cp936: 'gb18030',
  windows936: 'gb18030',
  cp950: 'big5',
  windows950: 'big5',
  big5hkscs: 'big5',
  cp949: 'euc-kr',
  windows949: 'euc-kr',
  uhc: 'euc-kr',
  ksc56011987: 'euc-kr',
};

const fold = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** An encoding by any of its usual names, or `undefined`. */
export function findEncoding(name: string): Encoding | undefined {
  const folded = fold(name);
  const numbered = folded.replace(/^(?:cp|win|windows|codepage)?(125\d|874)$/, 'windows$1');
  return encodings.find((each) => fold(each) === numbered) ?? otherNames[folded];
}

/** Decodes chunks of bytes; `end` returns what was held back. */
export interface Decoder {
  readonly write: (bytes: Uint8Array) => string;
  readonly end: () => string;
}

/** Bytes 0x80 to 0x9F of Windows-1252; the five undefined ones become replacement characters. */
const upperControls =
  '\u20AC\uFFFD\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\uFFFD\u017D\uFFFD' +
  '\uFFFD\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\uFFFD\u017E\u0178';

/** An own table, because Node's decoder has treated this encoding as Latin-1 (nodejs/node#56542). */
function decodeWindows1252(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/[\x80-\x9F]/g, (character) => upperControls[character.charCodeAt(0) - 0x80] ?? '\uFFFD');
}

const refuseReplacements = (text: string): string => {
  if (text.includes('\uFFFD')) throw new TypeError('The bytes do not fit the encoding.');
  return text;
};

/**
 * Creates a decoder that drops a byte order mark. Windows-1252 allows every byte: five of them become replacement
 * characters, which are issues of their rows.
 *
 * @throws TypeError from `write` and `end` for bytes that another encoding does not allow.
 */
export function createDecoder(encoding: Encoding): Decoder {
  if (encoding === 'windows-1252') return { write: decodeWindows1252, end: () => '' };
  if (encoding === 'utf-8' || encoding === 'utf-16le' || encoding === 'utf-16be') {
    const decoder = new TextDecoder(encoding, { fatal: true });
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  }
  const decoder = iconv.getDecoder(encoding);
  return {
    write: (bytes) => refuseReplacements(decoder.write(Buffer.from(bytes))),
    end: () => refuseReplacements(decoder.end() ?? ''),
  };
}

/** Bytes as a text; what they cannot be becomes replacement characters. */
export function decodeBytes(bytes: Uint8Array, encoding: Encoding): string {
  if (encoding === 'windows-1252') return decodeWindows1252(bytes);
  return iconv.decode(Buffer.from(bytes), encoding);
}

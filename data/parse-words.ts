import { accept, normalizeText, type Parsed, reject } from './parse-text.ts';

/** What exports in English, German, French, Spanish, Italian, Dutch and Portuguese write for yes and no. */
const yesWords = [
  ...['yes', 'y', 'true', 't', '1', '1.0', 'on', 'x', 'checked', '✓', '✔', '☑', '✅'],
  ...['ja', 'j', 'wahr', 'oui', 'vrai', 'sí', 'si', 's', 'verdadero', 'vero', 'waar', 'sim', 'verdadeiro'],
];
const noWords = [
  ...['no', 'n', 'false', 'f', '0', '0.0', 'off', 'unchecked', '✗', '✘', '☐', '❌'],
  ...['nein', 'falsch', 'non', 'faux', 'falso', 'nee', 'onwaar', 'não', 'nao'],
];

const meanings = new Map([
  ...yesWords.map((word): [string, boolean] => [word, true]),
  ...noWords.map((word): [string, boolean] => [word, false]),
]);

const longestWord = 20;

/** Parses yes or no, in words of seven languages, as `true`, `1`, `x` or a tick. */
export function parseBoolean(text: string): Parsed<boolean> {
  const word =
    text.length > longestWord ? '' : normalizeText(text, 'NFC').replace('\uFE0F', '').toLowerCase();
  const meant = meanings.get(word);
  return meant === undefined
    ? reject(
        'is neither yes nor no; true, 1, x, ja, oui, sí, vero and sim are yes, false, 0, nein, non, nee and não are no; write yes or no',
      )
    : accept(meant);
}

const notAColour = reject('is not a colour; write it as #rrggbb, such as #ff8800');

const hexColour = /^#(?:[\da-f]{3}|[\da-f]{6})$/i;
const rgbColour = /^rgb\(\s*(\d{1,3})\s*(?:,\s*(\d{1,3})\s*,\s*|\s(\d{1,3})\s+)(\d{1,3})\s*\)$/i;

/** Parses `#rgb`, `#rrggbb` and `rgb(255, 136, 0)` into `#rrggbb`. An opacity is refused. */
export function parseColour(text: string): Parsed<string> {
  if (text.length > 60) return notAColour;
  if (/^(?:#[\da-f]{4}|#[\da-f]{8}|rgba\(.*|rgb\([^)]*\/.*)$/i.test(text)) {
    return reject('has an opacity; write the colour without it, such as #ff8800');
  }
  if (hexColour.test(text)) {
    const digits = text.slice(1).toLowerCase();
    return accept(`#${digits.length === 6 ? digits : digits.replace(/./g, '$&$&')}`);
  }
  const [, red, comma, space, blue] = rgbColour.exec(text) ?? [];
  const parts = [red, comma ?? space, blue].map(Number);
  if (red === undefined || parts.some((part) => part > 255)) return notAColour;
  return accept(`#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`);
}

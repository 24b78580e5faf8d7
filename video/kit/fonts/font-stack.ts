const hanFamilies = {
  sc: 'Noto Sans SC Variable',
  tc: 'Noto Sans TC Variable',
  jp: 'Noto Sans JP Variable',
  kr: 'Noto Sans KR Variable',
} as const;

type Han = keyof typeof hanFamilies;

/** Which drawing of the unified Han characters a language expects, best first. */
function hanOrder(lang: string): readonly Han[] {
  const tag = lang.toLowerCase();
  if (tag.startsWith('ja')) return ['jp', 'sc', 'tc', 'kr'];
  if (tag.startsWith('ko')) return ['kr', 'jp', 'tc', 'sc'];
  if (/^zh\b.*\b(hant|tw|hk|mo)\b/.test(tag)) return ['tc', 'jp', 'sc', 'kr'];
  return ['sc', 'tc', 'jp', 'kr'];
}

/** Families that stand behind any brand face, in order, for text in a language. */
export function fallbackFamilies(lang: string): readonly string[] {
  return [
    'Inter Variable',
    'Noto Color Emoji',
    'Noto Sans Arabic Variable',
    'Noto Sans Hebrew Variable',
    ...hanOrder(lang).map((han) => hanFamilies[han]),
  ];
}

/**
 * A CSS `font-family` value: the brand's face, then faces that draw every other script. Always ends
 * without a generic family, so that a system font never slips in where the bundle has a hole.
 */
export function fontStack(face: string, lang: string): string {
  return [...new Set([face, ...fallbackFamilies(lang)])].map((family) => `'${family}'`).join(', ');
}

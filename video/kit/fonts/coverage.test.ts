import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeRanges,
  encodeRanges,
  inRanges,
  familyCovers,
  kitGlyphs,
  fallbackFamilies,
  fontStack,
} from './coverage.ts';

const uncovered = (text: string): string =>
  [...text].filter((letter) => !kitGlyphs.covers(letter.codePointAt(0) ?? 0)).join('');

describe('kitGlyphs', () => {
  it.each([
    ['Latin', 'Seán O’Brien-Łukasiewicz ÅØæßðþŐžğİı'],
    ['Vietnamese', 'Nguyễn Thị Ánh Tuyết ỹƠơƯư'],
    ['Cyrillic', 'Александра Щёголева Їжак Љубица'],
    ['Greek', 'Ελένη Παπαδοπούλου ΐΰ'],
    ['Arabic', 'محمد عبد الرحمن گپچژ'],
    ['Hebrew', 'שרה בת־שבע'],
    ['Chinese', '王小明 陳大文 龍'],
    ['Japanese', '佐藤さくら ヴィクトル'],
    ['Korean', '김지혜 뷁'],
    ['emoji', '👩🏽‍🚀👨‍👩‍👧‍👦🇩🇪🏴‍☠️1️⃣❤️‍🔥👍🏿'],
    ['Devanagari', 'क्षेत्रज्ञ श्रीकांत १२३ ₹ ज़'],
    ['Bengali and Assamese', 'শ্রীকান্ত ৰৱ ১২৩'],
    ['Gurmukhi', 'ਗੁਰਮੁਖੀ ਸਿੰਘ ੧੨੩'],
    ['Gujarati', 'ગુજરાતી ૧૨૩'],
    ['Odia', 'ଓଡ଼ିଆ ଶ୍ରୀ ୧୨୩'],
    ['Tamil', 'தமிழ்ச்செல்வி ௧௨௩'],
    ['Telugu', 'తెలుగు శ్రీ ౧౨౩'],
    ['Kannada', 'ಕನ್ನಡ ಶ್ರೀ ೧೨೩'],
    ['Malayalam', 'മലയാളം ശ്രീ ൧൨൩ ൾ'],
    ['Sinhala', 'සිංහල ශ්‍රී'],
    ['Thai', 'สมชาย น้ำ ๑๒๓ ฿'],
    ['Lao', 'ລາວ ນ້ຳ ໑໒໓'],
    ['Khmer', 'ខ្មែរ ១២៣ ៛'],
    ['Burmese', 'မြန်မာ ၁၂၃'],
    ['Georgian', 'ქართული ᲥᲐᲠᲗᲣᲚᲘ ₾'],
    ['Armenian', 'հայերեն ԵՒև ֏'],
    ['Ethiopic', 'አማርኛ ትግርኛ ፩፪፫'],
    ['variation selectors', '葛\u{e0100}城 辻\u{e0101} 神\ufe00'],
    ['a flag of tags', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['signs', '0123456789 €£¥%&@#–—…«»“”‘’·©'],
  ])('covers %s', (_script, text) => {
    expect(uncovered(text)).toBe('');
  });

  it.each([
    ['Tibetan', 'ཀ'],
    ['Mongolian', 'ᠠ'],
    ['a rare Han character', '\u{2a700}'],
    ['the private use area', '\ue001'],
  ])('does not cover %s', (_script, text) => {
    expect(uncovered(text)).toBe(text);
  });
});

describe('familyCovers', () => {
  it('knows every family of the stack', () => {
    for (const family of fallbackFamilies('ja')) expect(familyCovers(family, 0x41)).toBeDefined();
  });

  it('says nothing about other families', () => {
    expect(familyCovers('Comic Sans MS', 0x41)).toBeUndefined();
  });
});

describe('fontStack', () => {
  it('puts the Han drawing of the language first', () => {
    const first = (lang: string) => /Noto Sans (SC|TC|JP|KR)/.exec(fontStack('Manrope Variable', lang))?.[1];
    expect(['zh-Hans', 'zh-TW', 'zh-Hant-HK', 'ja-JP', 'ko', 'de'].map(first)).toEqual([
      'SC',
      'TC',
      'TC',
      'JP',
      'KR',
      'SC',
    ]);
  });

  it('names a face once', () => {
    expect(fontStack('Inter Variable', 'en').split('Inter Variable')).toHaveLength(2);
  });
});

it('reads ranges back as they were written', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 5000 }), { minLength: 2 }), (points) => {
      const sorted = points.sort((a, b) => a - b);
      const ranges = sorted.flatMap((first, index) => {
        const last = sorted[index + 1];
        return index % 2 === 0 && last !== undefined ? [[first, last] as const] : [];
      });
      const decoded = decodeRanges(encodeRanges(ranges));
      expect(decoded).toEqual(ranges);
      const holds = (point: number) => ranges.some(([first, last]) => point >= first && point <= last);
      for (const point of sorted) expect(inRanges(decoded, point + 1)).toBe(holds(point + 1));
    }),
  );
});

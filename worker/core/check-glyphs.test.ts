import { describe, expect, it } from 'vitest';
import { locale, text } from '../../data/fields.ts';
import type { Fields } from '../../data/record.ts';
import { registry } from '../../tests/fixtures/shipped-templates.ts';
import { checkGlyphs } from './check-glyphs.ts';

/** Every template of the registry draws with the kit's fonts. */
const glyphs = registry[0]?.template.glyphs ?? { covers: () => false };

const name = (fallback?: string): Fields => ({
  name: text({ label: 'Name', personal: true, ...(fallback !== undefined && { fallback }) }),
});
const language = (fallback?: string): Fields => ({
  locale: locale({ label: 'Locale', personal: false, ...(fallback !== undefined && { fallback }) }),
});

describe('a name', () => {
  it.each([
    ...['क्षेत्रज्ञ', 'শ্রীকান্ত', 'தமிழ்ச்செல்வி', 'తెలుగు', 'ಕನ್ನಡ ಶ್ರೀ', 'മലയാളം', 'ગુજરાતી', 'ਗੁਰਮੁਖੀ', 'ଓଡ଼ିଆ'],
    ...['สมชาย น้ำ', 'ລາວ', 'ខ្មែរ', 'မြန်မာ', 'ქართული', 'հայերեն', 'አማርኛ', 'සිංහල ශ්‍රී'],
    ...['葛\u{e0100}城', '辻\u{e0100}', '神\ufe00', 'क\u200dष', '👩🏽‍🚀 🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  ])('%s is kept', (value) => {
    const record = { name: value };
    expect(checkGlyphs(name('there'), record, glyphs)).toEqual({ ok: true, record, warnings: [] });
  });

  it('that no font draws takes its fallback', () => {
    expect(checkGlyphs(name('there'), { name: 'བསྟན་འཛིན' }, glyphs)).toEqual({
      ok: true,
      record: { name: 'there' },
      warnings: [
        {
          code: 'glyph-unavailable',
          field: 'name',
          message: 'Name holds “བ” (U+0F56), which no bundled font can draw; the fallback is shown instead.',
        },
      ],
    });
  });

  it.each([undefined, 'བ'])('that no font draws fails with the fallback %s', (fallback) => {
    expect(checkGlyphs(name(fallback), { name: 'Anna བ' }, glyphs)).toMatchObject({
      ok: false,
      issues: [
        {
          field: 'name',
          message: 'Name holds “བ” (U+0F56), which no bundled font can draw; write it with other characters.',
        },
      ],
    });
  });
});

describe('a locale', () => {
  it.each([
    ...[
      'hi-IN',
      'mr-IN',
      'bn-BD',
      'gu-IN',
      'ta-IN',
      'te-IN',
      'kn-IN',
      'ml-IN',
      'th-TH',
      'am-ET',
      'th-u-nu-thai',
    ],
    ...[
      'ar-EG',
      'fa-IR',
      'ur-PK',
      'he-IL',
      'zh-CN',
      'zh-TW',
      'ja-JP',
      'ko-KR',
      'vi-VN',
      'el-GR',
      'ru-RU',
      'de-CH',
    ],
  ])('%s has dates and numbers that are drawn', (value) => {
    const record = { locale: value };
    expect(checkGlyphs(language(), record, glyphs)).toEqual({ ok: true, record, warnings: [] });
  });

  it.each([
    'pa-IN',
    'or-IN',
    'ne-NP',
    'si-LK',
    'lo-LA',
    'km-KH',
    'my-MM',
    'ka-GE',
    'hy-AM',
    'is-IS',
    'dz-BT',
    'zgh',
  ])('%s takes its fallback, since the browser would write American English', (value) => {
    expect(checkGlyphs(language('en-GB'), { locale: value }, glyphs)).toEqual({
      ok: true,
      record: { locale: 'en-GB' },
      warnings: [
        {
          code: 'locale-unavailable',
          field: 'locale',
          message: `Locale is ${value}, whose dates and numbers the browser cannot write; en-GB is used instead.`,
        },
      ],
    });
  });

  it.each([
    ['th-u-nu-tibt', '༠'],
    ['en-u-nu-nkoo', '߀'],
  ])('%s takes its fallback, since its digits would be boxes', (value, digit) => {
    expect(checkGlyphs(language('en-GB'), { locale: value }, glyphs)).toMatchObject({
      ok: true,
      record: { locale: 'en-GB' },
      warnings: [
        {
          code: 'glyph-unavailable',
          message: expect.stringContaining(`Locale is ${value}, whose`) as string,
        },
      ],
    });
    expect(glyphs.covers(digit.codePointAt(0) ?? 0)).toBe(false);
  });

  it('that cannot be written fails a row without a fallback that can', () => {
    for (const fallback of [undefined, 'ka-GE']) {
      expect(checkGlyphs(language(fallback), { locale: 'dz-BT' }, glyphs)).toMatchObject({
        ok: false,
        issues: [
          {
            field: 'locale',
            value: 'dz-BT',
            message: 'Locale is dz-BT, whose dates and numbers the browser cannot write; use another locale.',
          },
        ],
      });
    }
  });

  it('is not asked about where a template formats nothing', () => {
    const { covers } = glyphs;
    expect(checkGlyphs(language(), { locale: 'dz-BT' }, { covers })).toMatchObject({ ok: true });
  });
});

import { describe, expect, it } from 'vitest';
import { locale, text } from '../../data/fields.ts';
import type { Fields } from '../../data/record.ts';
import { registry } from '../../templates/registry.ts';
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
      'ne-NP',
      'bn-BD',
      'as-IN',
      'pa-IN',
      'gu-IN',
      'or-IN',
      'ta-IN',
      'te-IN',
      'kn-IN',
      'ml-IN',
    ],
    ...[
      'si-LK',
      'th-TH',
      'lo-LA',
      'km-KH',
      'my-MM',
      'ka-GE',
      'hy-AM',
      'am-ET',
      'ti-ER',
      'ar-EG',
      'fa-IR',
      'ur-PK',
    ],
    ...[
      'he-IL',
      'zh-CN',
      'zh-TW',
      'ja-JP',
      'ko-KR',
      'vi-VN',
      'el-GR',
      'ru-RU',
      'kk-KZ',
      'mn-MN',
      'de-CH',
      'th-u-nu-thai',
    ],
  ])('%s has dates and numbers that are drawn', (value) => {
    const record = { locale: value };
    expect(checkGlyphs(language(), record, glyphs)).toEqual({ ok: true, record, warnings: [] });
  });

  it.each(['dz-BT', 'bo-CN', 'zgh-MA', 'chr-US', 'ff-Adlm-GN', 'nqo-GN', 'sat-IN'])(
    '%s takes its fallback, since its digits or months would be boxes',
    (value) => {
      expect(checkGlyphs(language('en-GB'), { locale: value }, glyphs)).toMatchObject({
        ok: true,
        record: { locale: 'en-GB' },
        warnings: [
          {
            code: 'glyph-unavailable',
            field: 'locale',
            message: expect.stringMatching(
              /^Locale is \S+, whose dates and numbers hold “.+” \(U\+\w+\), which no bundled font can draw; en-GB is used instead\.$/u,
            ) as string,
          },
        ],
      });
    },
  );

  it('that cannot be drawn fails a row without a fallback', () => {
    expect(checkGlyphs(language(), { locale: 'dz-BT' }, glyphs)).toMatchObject({
      ok: false,
      issues: [
        { field: 'locale', value: 'dz-BT', message: expect.stringContaining('use another locale') as string },
      ],
    });
  });

  it('is not asked about where a template formats nothing', () => {
    const { covers } = glyphs;
    expect(checkGlyphs(language(), { locale: 'dz-BT' }, { covers })).toMatchObject({ ok: true });
  });
});

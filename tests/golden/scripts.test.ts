import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { formattedLanguages } from '../../video/kit/locale-format.ts';
import { compareWithGolden } from './compare-with-golden.ts';
import { scriptWords } from './script-words.ts';
import { openStage, type Shot, type Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage(fileURLToPath(new URL('scripts-studio.tsx', import.meta.url)));
});
afterAll(async () => stage?.close());

const shot = (inputs: Shot['inputs'], template = 'scripts', scene = 'words'): Shot => ({
  template,
  scene,
  inputs,
  images: {},
  format: '16:9',
  fps: 15,
  durationInFrames: 2,
  frame: 1,
});

const sheet = (texts: readonly string[], options: Shot['inputs']): Promise<Buffer> =>
  stage.shoot(shot({ texts, locale: 'en', size: 90, columns: 6, maxLines: 1, ...options }), 960);

describe('texts', () => {
  it('are shaped as their scripts ask for', async () => {
    const words = scriptWords.flatMap((each) => each.words);
    await compareWithGolden('scripts/words', await sheet(words, {}));
  });

  it('without spaces break between words, and their lines do not touch', async () => {
    const texts = [
      'ขอบคุณที่อยู่กับเรามาตลอดปีนี้และหวังว่าจะได้พบกันอีก',
      'ຂອບໃຈທີ່ຢູ່ກັບພວກເຮົາຕະຫຼອດປີນີ້ແລະຫວັງວ່າຈະໄດ້ພົບກັນອີກ',
      'សូមអរគុណដែលបាននៅជាមួយយើងពេញមួយឆ្នាំនេះហើយសង្ឃឹមថានឹងជួបគ្នាម្តងទៀត',
      'ယခုနှစ်တစ်နှစ်လုံးကျွန်ုပ်တို့နှင့်အတူရှိခဲ့သည့်အတွက်ကျေးဇူးတင်ပါသည်',
      'श्रीमती क्षेत्रज्ञ पार्वती वेंकटरमण सुब्रह्मण्यन',
      'শ্রীকান্ত চট্টোপাধ্যায় বন্দ্যোপাধ্যায়',
    ];
    await compareWithGolden('scripts/lines', await sheet(texts, { size: 120, columns: 3, maxLines: 4 }));
  });

  it('show the variants of ideographs, and several scripts on one line', async () => {
    const texts = [
      '葛\u{e0100}城 辻\u{e0100}',
      '葛城 辻',
      '葛\u{e0101}城 辻\u{e0101}',
      'Anna สมชาย ქართ Ար 王',
    ];
    await compareWithGolden('scripts/variants', await sheet(texts, { columns: 2, locale: 'ja' }));
  });

  it('that no bundled font draws fail the clip and name the character', async () => {
    await expect(sheet(['Anna ཀརྨ'], {})).rejects.toThrow('No bundled font draws “ཀ” (U+0F40).');
  });
});

/** Whether a scene is white; it is red, without any green, where what it tests does not hold. */
async function isWhite(inputs: Shot['inputs'], template: string, scene: string): Promise<boolean> {
  const { channels } = await sharp(await stage.shoot(shot(inputs, template, scene), 96)).stats();
  return (channels[1]?.mean ?? 0) > 200;
}

it.each([
  ['Anna Østergård', 'Inter Variable'],
  // The emoji come before other scripts and have no declared range, so the browser looks into them.
  ['Anna हिन्दी', 'Inter Variable,Noto Color Emoji,Noto Sans Devanagari Variable'],
])('loads the faces of %s and no others', async (text, families) => {
  expect(await isWhite({ text, families }, 'faces', 'loaded')).toBe(true);
});

it('knows the languages whose dates and numbers the browser can write', async () => {
  expect(await isWhite({ languages: formattedLanguages }, 'locales', 'written')).toBe(true);
  for (const language of ['ka', 'pa', 'is']) {
    expect(await isWhite({ languages: [language] }, 'locales', 'written'), language).toBe(false);
  }
});

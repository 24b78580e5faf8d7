import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { watchEventLoop } from '../../tests/services/watch-event-loop.ts';
import { writeTestFile } from '../csv/test-file.ts';
import { findEncoding, type Encoding } from './encodings.ts';
import { judgeEncoding } from './judge-encoding.ts';

async function judge(text: string, encoding: Encoding): Promise<Encoding> {
  return judgeEncoding(await writeTestFile(iconv.encode(`id,name\n1,${text}\n`, encoding)), 'input.csv');
}

describe('judgeEncoding', () => {
  it.each([
    ...['Søren', 'Zoë', 'Hélène', 'João', 'Muñoz', 'Bø', 'Anna O’Brien – 5 €', 'Renée Gómez', 'Ægir Þórsson'],
    ...['Lønning', 'Zürich', 'Björk', 'Nuñez', 'Crêpes à la carte', 'MÜLLER GROß', 'café', 'Ånne', 'Mañana'],
    ...[
      'Cão',
      'Ségolène Lefèvre',
      'Begoña',
      'Jørn Utzon',
      'Niccolò',
      '“Anna” © 20 °C',
      'Åberg Garção',
      'Thørsen',
    ],
    ...['Sjælland', 'Vêtements', 'Élèves', 'Tomás Ó Sé', 'Crème brûlée', 'Škoda Müller', 'Pär Lagerkvist'],
  ])('asks nothing where %s alone is in Windows-1252', async (text) => {
    expect(await judge(text, 'windows-1252')).toBe('windows-1252');
  });

  it('is not confused by a few words that another language shares', async () => {
    expect(await judge('Müller\n2,José\n3,Brontë\n4,Weiß\n5,François\n6,Gîte', 'windows-1252')).toBe(
      'windows-1252',
    );
  });

  it.each<[Encoding, string]>([
    ['windows-1250', 'Jiří Dvořák'],
    ['windows-1250', 'Kučera\n2,Nováček\n3,Růžička'],
    ['windows-1250', 'Vlček'],
    ['windows-1250', 'Wiśniewski'],
    ['windows-1250', 'Szűcs Gergő'],
    ['windows-1250', 'Ştefan Ionuţ'],
    ['windows-1251', 'Анна'],
    ['koi8-r', 'Иванов Сергей'],
    ['cp866', 'Иванов Сергей'],
    ['windows-1253', 'Γιώργος'],
    ['windows-1254', 'Işık'],
    ['windows-1255', 'דוד כהן'],
    ['windows-1256', 'محمد'],
    ['windows-1257', 'Bērziņš'],
    ['windows-874', 'สมชาย ใจดี'],
    ['macroman', 'François Hélène'],
    ['cp850', 'Müller Jörg'],
    ['gb18030', '李小龙'],
    ['big5', '林志玲'],
    ['shift_jis', '山田太郎'],
    ['shift_jis', 'サトウ'],
    ['euc-kr', '홍길동'],
    ['euc-jp', '鈴木一郎'],
  ])('recognizes %s by %s', async (encoding, text) => {
    expect(await judge(text, encoding)).toBe(encoding);
  });

  it.each<[Encoding, string, string]>([
    ['windows-1250', 'Březina', 'Bøezina'],
    ['windows-1254', 'Doğan', 'Došan'],
  ])('asks where %s may be meant by %s, or not', async (encoding, text, other) => {
    await expect(judge(text, encoding)).rejects.toMatchObject({
      code: 'csv-encoding-unclear',
      message: expect.stringMatching(
        new RegExp(`(?=.*1,${text})(?=.*1,${other})(?=.*--encoding ${encoding})`),
      ) as string,
    });
  });
});

it.each([
  ['cp1250', 'windows-1250'],
  ['Windows-1251', 'windows-1251'],
  ['latin1', 'windows-1252'],
  ['ISO-8859-1', 'windows-1252'],
  ['GBK', 'gb18030'],
  ['CP932', 'shift_jis'],
  ['UTF8', 'utf-8'],
  ['x-mac-roman', 'macroman'],
  ['cp949', 'euc-kr'],
  ['none', undefined],
])('finds the encoding %s', (name, encoding) => expect(findEncoding(name)).toBe(encoding));

it('names rows that end at carriage returns, wherever chunks of the file end', async () => {
  const filler = `${'x'.repeat(98)}\r\n`;
  for (const shift of [0, 1]) {
    const head = `id,name${'y'.repeat(shift)}\r`;
    const text = `${head}${filler.repeat(2000)}1,Bøezina\r2,Anna\r`;
    await expect(
      judgeEncoding(await writeTestFile(iconv.encode(text, 'windows-1252')), 'a.csv'),
    ).rejects.toThrow('Row 2002 is "1,Bøezina" (windows-1252)');
  }
});

it('holds nobody up by a row of many megabytes', async () => {
  const bytes = iconv.encode(`id,name\n1,Søren\n2,${'ø '.repeat(10_000_000)}`, 'windows-1252');
  const file = await writeTestFile(bytes);
  const { result, longestMs } = await watchEventLoop(() => judgeEncoding(file, 'a.csv'));
  expect(result).toBe('windows-1252');
  expect(longestMs).toBeLessThan(300);
});

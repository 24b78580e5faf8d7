import { describe, expect, it } from 'vitest';
import { decodeFile, detectEncoding } from './detect-encoding.ts';
import { collect, makeTestFolder, writeTestFile } from './test-file.ts';

const content = 'id,name\r\n1,Zoë “Ж” 李 👩🏽‍🚀\r\n';

function utf16(text: string, order: 'le' | 'be', mark: boolean): Buffer {
  const bytes = Buffer.from((mark ? '\uFEFF' : '') + text, 'utf16le');
  return order === 'be' ? bytes.swap16() : bytes;
}

async function detectAndDecode(bytes: Uint8Array): Promise<readonly [string, string]> {
  const file = await writeTestFile(bytes);
  const encoding = await detectEncoding(file);
  return [encoding, (await collect(decodeFile(file, encoding))).join('')];
}

describe('detectEncoding', () => {
  it.each([
    ['utf-8', Buffer.from(content)],
    ['utf-8', Buffer.from(`\uFEFF${content}`)],
    ['utf-16le', utf16(content, 'le', true)],
    ['utf-16be', utf16(content, 'be', true)],
    ['utf-16le', utf16(content, 'le', false)],
    ['utf-16be', utf16(content, 'be', false)],
  ])('reads %s', async (encoding, bytes) => {
    expect(await detectAndDecode(bytes)).toEqual([encoding, content]);
  });

  it('reads Windows-1252 with its quotes and euro sign', async () => {
    const bytes = Buffer.from('id;name\r\n1;M\xfcller \x93x\x94 \x80 \x8a\r\n', 'latin1');
    expect(await detectAndDecode(bytes)).toEqual(['windows-1252', 'id;name\r\n1;Müller “x” € Š\r\n']);
  });

  it('checks the whole file before it calls it UTF-8', async () => {
    const text = `id,name\n${'1,Anna\n'.repeat(200_000)}2,M`;
    const bytes = Buffer.concat([Buffer.from(text), Buffer.from([0xfc]), Buffer.from('ller\n')]);
    const file = await writeTestFile(bytes);
    expect(await detectEncoding(file)).toBe('windows-1252');
  });

  it('keeps characters whole over chunk borders', async () => {
    const text = `x${'é李👩🏽‍🚀'.repeat(60_000)}`;
    expect(await detectAndDecode(Buffer.from(text))).toEqual(['utf-8', text]);
    expect(await detectAndDecode(utf16(`a,${text}`, 'be', true))).toEqual(['utf-16be', `a,${text}`]);
  });

  it('names the line of damage instead of turning good letters into bad ones', async () => {
    const bytes = Buffer.concat([
      Buffer.from('id,name\n1,Zoë\n2,Jürgen\n3,M'),
      Buffer.from([0xfc]),
      Buffer.from('ller\n'),
    ]);
    await expect(detectEncoding(await writeTestFile(bytes))).rejects.toMatchObject({
      code: 'csv-encoding',
      message: expect.stringContaining('line 4') as string,
    });
  });

  it.each([
    ['a PDF', Buffer.from('%PDF-1.7'), 'PDF'],
    ['a gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'compressed file'],
    ['NULs', Buffer.from('id,name\n1,An\0na\n2,B\0\0\n'), 'NUL'],
    ['NULs in UTF-16', utf16('id,na\0me\n1,Anna\n', 'le', false), 'NUL'],
    [
      'noise',
      Buffer.from(Array.from({ length: 900 }, (_, at) => 1 + (at % 31))),
      'too many control characters',
    ],
  ])('refuses %s', async (_, bytes, reason) => {
    await expect(detectEncoding(await writeTestFile(bytes))).rejects.toMatchObject({
      code: 'csv-not-text',
      message: expect.stringContaining(reason) as string,
    });
  });

  it.each([
    ['a control character in a short file', 'id,name\n1,\x07\n'],
    ['control characters behind a byte order mark', '\uFEFFid,name\n1,\x07\x07\x1f\x1f\n'],
  ])('leaves %s to the rows', async (_, text) => {
    expect(await detectEncoding(await writeTestFile(Buffer.from(text)))).toBe('utf-8');
  });

  it('refuses torn UTF-16', async () => {
    const torn = utf16(content, 'le', true).subarray(0, -1);
    await expect(detectEncoding(await writeTestFile(torn))).rejects.toMatchObject({ code: 'csv-encoding' });
  });

  it('says why a file cannot be opened', async () => {
    const folder = await makeTestFolder();
    await expect(detectEncoding(`${folder}/none.csv`)).rejects.toMatchObject({
      code: 'csv-unreadable',
      message: `${folder}/none.csv does not exist.`,
    });
    await expect(detectEncoding(folder)).rejects.toMatchObject({ code: 'csv-unreadable' });
    await expect(detectEncoding(await writeTestFile(''))).rejects.toMatchObject({ code: 'csv-empty' });
  });
});

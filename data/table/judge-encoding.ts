import type { Encoding } from './encodings.ts';

export async function judgeEncoding(_file: string, _name: string): Promise<Encoding> {
  return 'windows-1252';
}

import type { InjectOptions } from 'fastify';

export type Field = readonly [name: string, value: string];

const filePart = (file: string | Buffer, fileName: string): Buffer =>
  Buffer.concat([
    Buffer.from(
      `--fence\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
    ),
    Buffer.from(file as string),
    Buffer.from('\r\n'),
  ]);
const fieldPart = ([name, value]: Field): string =>
  `--fence\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

interface UploadOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly fileName?: string;
}

/** A request for a campaign with a file; fields whose names begin with `>` come after it. */
export function uploadOf(
  file: string | Buffer,
  fields: readonly Field[],
  { headers = {}, fileName = 'customers.csv' }: UploadOptions = {},
): InjectOptions {
  const before = fields.filter(([name]) => !name.startsWith('>')).map(fieldPart);
  const after = fields
    .filter(([name]) => name.startsWith('>'))
    .map(([name, value]) => fieldPart([name.slice(1), value]));
  const payload = Buffer.concat([
    Buffer.from(before.join('')),
    filePart(file, fileName),
    Buffer.from([...after, '--fence--\r\n'].join('')),
  ]);
  const type = { 'content-type': 'multipart/form-data; boundary=fence' };
  return { method: 'POST', url: '/v1/campaigns', payload, headers: { ...type, ...headers } };
}

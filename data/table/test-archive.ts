import { crc32, deflateRawSync } from 'node:zlib';

/** How an archive is written. */
interface ArchiveOptions {
  /** The size that its directory names. */
  readonly sizeOf?: (bytes: Uint8Array) => number;
  /** Whether it is a Zip64: sizes and places are numbers of eight bytes. */
  readonly wide?: boolean;
}

const wideNumbers = (...numbers: readonly number[]): Buffer =>
  Buffer.concat(
    numbers.map((number) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(BigInt(number));
      return bytes;
    }),
  );

/** An archive of files, written without the library that reads it. */
export function makeArchive(
  files: Readonly<Record<string, string | Uint8Array>>,
  { sizeOf = (bytes) => bytes.length, wide = false }: ArchiveOptions = {},
): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content as string);
    // The format of OpenDocument begins with a file that is not compressed.
    const isStored = name === 'mimetype';
    const packed = isStored ? bytes : deflateRawSync(bytes);
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isStored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(sizeOf(bytes), 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(wide ? 0xffffffff : at, 10);
    const listed = Buffer.from(common);
    let extra = Buffer.alloc(0);
    if (wide) {
      extra = Buffer.concat([
        // Another field comes first.
        Buffer.from([0x55, 0x54, 1, 0, 0, 1, 0, 24, 0]),
        wideNumbers(sizeOf(bytes), packed.length, at),
      ]);
      listed.fill(0xff, 14, 22);
      listed.writeUInt16LE(extra.length, 24);
    }
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), listed, rest, path, extra]),
    );
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  const { length } = Object.keys(files);
  end.writeUInt16LE(length, 8);
  end.writeUInt16LE(length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(wide ? 0xffffffff : at, 16);
  const wideEnd = Buffer.concat([
    Buffer.from('PK\x06\x06'),
    wideNumbers(44),
    Buffer.alloc(12),
    wideNumbers(length, length, central.length, at),
    Buffer.from('PK\x06\x07'),
    Buffer.alloc(4),
    wideNumbers(at + central.length),
    Buffer.from([1, 0, 0, 0]),
  ]);
  return Buffer.concat([...parts, central, ...(wide ? [wideEnd] : []), end]);
}

const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A workbook with one sheet, from the XML of its rows. */
export const makeWorkbook = (rows: string, options?: ArchiveOptions): Buffer =>
  makeArchive(
    {
      '[Content_Types].xml':
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
      'xl/workbook.xml': `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${relationships}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relationships}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
      'xl/worksheets/sheet1.xml': `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`,
    },
    options,
  );

const cell = (value: string | number): string =>
  typeof value === 'number' ? `<c><v>${value}</v></c>` : `<c t="inlineStr"><is><t>${value}</t></is></c>`;

/** The XML of rows. */
export const sheetRows = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `<row>${row.map(cell).join('')}</row>`).join('');

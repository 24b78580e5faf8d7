import { parse } from 'yaml';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boolean, choice, imageUrl, isoDate, locale, text } from '../fields.ts';
import { proposeMapping } from './propose-mapping.ts';
import { resolveMapping } from './map-columns.ts';
import { readRows } from './read-rows.ts';
import { type SavedMapping, savedMappingSchema } from './saved-mapping.ts';
import { collect, writeTestFile } from './test-file.ts';

const fields = {
  firstName: text({ label: 'First name', means: 'first name', personal: true, fallback: 'there' }),
  lastName: text({ label: 'Last name', means: 'last name', personal: true, optional: true }),
  renewalDate: isoDate({ label: 'Renewal date', means: 'renewal date', personal: true }),
  segment: choice(['loyal', 'new'], { label: 'Segment', means: 'segment', personal: false }),
  photo: imageUrl({ label: 'Photo', means: 'photo', personal: true }),
  language: locale({
    label: 'Language',
    means: 'language',
    personal: false,
    optional: true,
    fallback: 'en-GB',
  }),
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-mapping-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(...lines: readonly string[]): Promise<string> {
  const file = path.join(folder, `${crypto.randomUUID()}.csv`);
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

async function read(lines: readonly string[], mapping?: SavedMapping) {
  const input = await readRows(await fileOf(...lines), { fields, mapping, asOf: '2026-03-01' });
  const rows = [];
  for await (const row of input.rows()) rows.push(row);
  return { input, rows };
}

const pairsOf = async (header: string, row: string): Promise<readonly string[]> =>
  (await read([header, row])).input.mapping.columns.map(({ column, field }) => `${column} > ${field}`);

describe('headers of exports', () => {
  it.each([
    ['German', 'Vorname;Name;Vertragsende;Gruppe', 'Anna;Meier;2027-01-31;new'],
    ['French', 'Prénom;Nom;Échéance;Groupe', 'Anna;Meier;2027-01-31;new'],
    ['Spanish', 'Nombre;Apellidos;Fecha de vencimiento;Grupo', 'Anna;Meier;2027-01-31;new'],
    ['Italian', 'Nome;Cognome;Scadenza;Gruppo', 'Anna;Meier;2027-01-31;new'],
    ['Dutch', 'Voornaam;Achternaam;Einddatum;Groep', 'Anna;Meier;2027-01-31;new'],
    ['Portuguese', 'Nome;Sobrenome;Data de vencimento;Grupo', 'Anna;Meier;2027-01-31;new'],
    ['English', 'Given Name;Surname;Expires;Cohort', 'Anna;Meier;2027-01-31;new'],
  ])('%s: a first name, a last name, a day and a choice', async (_, header, row) => {
    const names = header.split(';');
    expect(await pairsOf(header, row)).toEqual(
      ['firstName', 'lastName', 'renewalDate', 'segment'].map((field, at) => `${names[at]} > ${field}`),
    );
  });

  it('take a name alone as the first name', async () => {
    expect(await pairsOf('Name,expires,segment', 'Anna,2027-01-31,new')).toContain('Name > firstName');
  });

  it('are a question where two fit equally well, with what to add', async () => {
    await expect(read(['name,Expires,End Date,segment', 'Anna,2027-01-31,2027-02-28,new'])).rejects.toThrow(
      'The columns "Expires", "End Date" match the field "renewalDate" equally well. ' +
        'Say which one is meant: --map "Expires=renewalDate" or --map "End Date=renewalDate".',
    );
  });
});

describe('a saved mapping', () => {
  const lines = [
    'Nr;Vorname;Zweiter;Gruppe;Ende;Foto',
    '1;Anna;Maria;Treu;2027-01-31;',
    '2;;;neu;2027-01-31;',
  ];
  const mapping: SavedMapping = {
    id: 'Nr',
    fields: {
      firstName: { from: '{Vorname} {Zweiter}', emptyAs: 'fallback' },
      renewalDate: 'Ende',
      segment: { from: 'Gruppe', words: { treu: 'loyal', Neu: 'new' } },
      language: '=de-AT',
    },
    unused: ['Foto'],
  };

  it('joins columns, gives constants, translates words and leaves columns out', async () => {
    const { input, rows } = await read(lines, mapping);
    expect(rows.map(({ check }) => check)).toMatchObject([
      { ok: true, record: { firstName: 'Anna Maria', segment: 'loyal', language: 'de-AT' } },
      { ok: true, record: { firstName: 'there', segment: 'new', language: 'de-AT' } },
    ]);
    expect(rows.map(({ id }) => id)).toEqual(['1', '2']);
    expect(input.mapping.unfilled).toEqual(['lastName', 'photo']);
  });

  it('fails a row with an empty required value unless it says otherwise', async () => {
    const fieldsOf = { ...mapping.fields, firstName: '{Vorname} {Zweiter}' };
    const { rows } = await read(lines, { ...mapping, fields: fieldsOf });
    expect(rows[1]?.check).toMatchObject({ ok: false });
    expect((await read(lines, { ...mapping, fields: fieldsOf, emptyAs: 'fallback' })).rows[1]?.check.ok).toBe(
      true,
    );
  });

  it('names the nearest column where one does not exist', async () => {
    await expect(read(lines, { fields: { ...mapping.fields, firstName: 'Vornamen' } })).rejects.toThrow(
      'There is no column "Vornamen". Did you mean "Vorname"?',
    );
    await expect(read(lines, { fields: { ...mapping.fields, firstName: '{Vornamen}' } })).rejects.toThrow(
      'Did you mean "Vorname"?',
    );
  });

  it.each([
    ['one meaning', { Treu: 'loyal', 'treu ': 'loyal' }, 'loyal'],
    ['two meanings', { 'Treu!': 'loyal', 'treu?': 'new' }, 'TREU'],
  ])('takes spellings with %s', (_what, words, meaning) => {
    const { columns } = resolveMapping(
      ['Gruppe'],
      { segment: text({ label: 'X', personal: false }) },
      {
        mapping: { fields: { segment: { from: 'Gruppe', words } } },
      },
    );
    expect(columns[0]?.read(['TREU'])).toBe(meaning);
  });

  it('is proposed for a file, with the words that are no choices, and works when it is completed', async () => {
    const file = await fileOf('Kunden-Nr.,Vorname,Gruppe,Ende,Notiz', 'k1,Anna,Treu,2027-01-31,"x: y"');
    const text = await proposeMapping({ file }, fields, ['How it is used.']);
    expect(text).toContain('# How it is used.');
    const proposed = savedMappingSchema.parse(parse(text));
    expect(proposed).toEqual({
      id: 'Kunden-Nr.',
      fields: {
        firstName: 'Vorname',
        lastName: null,
        segment: { from: 'Gruppe', words: { Treu: null } },
        photo: null,
        language: null,
      },
      unused: ['Ende', 'Notiz'],
    });
    const completed = savedMappingSchema.parse(
      parse(text.replace('Treu: null', 'Treu: loyal').replace('# renewalDate:', 'renewalDate: Ende')),
    );
    const input = await readRows(file, { fields, mapping: completed, asOf: '2026-03-01' });
    for await (const { check } of input.rows())
      expect(check).toMatchObject({ ok: true, record: { segment: 'loyal' } });
  });
});

describe('a column of yes and no', () => {
  const vip = boolean({ label: 'VIP', personal: false, optional: true, fallback: false });

  it('is proposed with its words that are neither, and works when it is completed', async () => {
    const file = await writeTestFile('vip,id\nja,1\nStammgast,2\n,3\nnein,4\n');
    const text = await proposeMapping({ file }, { vip }, []);
    expect(text).toContain('# VIP: yes or no; without it: false (optional)');
    expect(text).toContain('# Write behind each word yes or no.');
    const mapping = savedMappingSchema.parse(parse(text.replace('Stammgast: null', 'Stammgast: yes')));
    const rows = await collect((await readRows(file, { fields: { vip }, mapping })).rows());
    expect(rows.map(({ check }) => check.ok && check.record['vip'])).toEqual([true, true, false, false]);
  });
});

describe('values that are not as their field wants them', () => {
  const header = 'Vorname,Ende,Gruppe,Foto,Sprache';
  const mapping: SavedMapping = { fields: { renewalDate: 'Ende' } };
  it.each([
    ['a picture that is none', 'Anna,2027-01-31,new,n/a,de-DE', { photo: undefined }, 'unusable-value'],
    ['a language in words', 'Anna,2027-01-31,new,,German', { language: 'de-DE' }, 'value-repaired'],
    ['an unknown language', 'Anna,2027-01-31,new,,Klingon', { language: 'en-GB' }, 'unusable-value'],
    [
      'an attachment of Airtable',
      'Anna,2027-01-31,new,anna.jpg (https://x.example/a%20b.jpg),de-DE',
      { photo: 'https://x.example/a%20b.jpg' },
      'value-repaired',
    ],
    [
      'an address with spaces',
      'Anna,2027-01-31,new,https://x.example/a b.jpg,de-DE',
      { photo: 'https://x.example/a%20b.jpg' },
      'value-repaired',
    ],
  ])('%s', async (_, row, record, code) => {
    const { rows } = await read([header, row], mapping);
    expect(rows[0]).toMatchObject({ check: { ok: true, record }, warnings: [{ code }] });
  });

  it('are said to be repaired and suspect at once', async () => {
    const { rows } = await read([header, '"=""NULL""",2027-01-31,new,,de-DE'], mapping);
    expect(rows[0]?.warnings.map(({ code }) => code)).toEqual(['value-repaired', 'placeholder']);
  });
});

describe('ids', () => {
  const header = (id: string) => `${id},Vorname,Ende,Gruppe`;
  const mapping: SavedMapping = { fields: { renewalDate: 'Ende' } };
  const row = (id: string) => `${id},Anna,2027-01-31,new`;

  it.each([
    'Record ID - Contact',
    'LEID',
    'Email Address',
    'Kunden-Nr.',
    'Kd-Nr.',
    'N° client',
    'Klantnummer',
  ])('are found under %s', async (name) => {
    expect((await read([header(name), row('1')], mapping)).input.idColumn).toBe(name);
  });

  it('are not taken from a guessed column that repeats or is empty', async () => {
    const repeated = await read(
      [header('Email'), row('a@example.com'), row('b@example.com'), row('a@example.com')],
      mapping,
    );
    expect(repeated.input).toMatchObject({
      idColumn: undefined,
      refusedId: { column: 'Email', fault: 'repeated', row: 3 },
    });
    expect(repeated.rows.every(({ check }) => check.ok)).toBe(true);
    const empty = await read([header('Email'), row('a@example.com'), row('')], mapping);
    expect(empty.input.refusedId).toEqual({ column: 'Email', fault: 'empty', row: 2 });
  });

  it('are named as what a spreadsheet made of them', async () => {
    const rows = [row('4.91235E+11'), row('4,91236E+11'), row('491237000001')];
    const guessed = await read([header('Email'), ...rows], mapping);
    expect(guessed.input.refusedId).toEqual({ column: 'Email', fault: 'rounded', row: 1 });
    const certain = await read([header('Customer ID'), ...rows.slice(0, 1), rows[2] ?? ''], mapping);
    expect(certain.rows.map(({ check }) => check.ok)).toEqual([false, true]);
    expect(certain.rows[0]?.check).toMatchObject({
      code: 'row-invalid',
      message:
        'Column "Customer ID" holds "4.91235E+11", which a spreadsheet made of a longer number; format the column as text and export it again.',
    });
  });

  it('fail their rows where the column says that it holds them', async () => {
    const { rows } = await read([header('Customer ID'), row('1'), row('1')], mapping);
    expect(rows[1]?.check).toMatchObject({ ok: false, code: 'row-duplicate' });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choice, number, text } from '../fields.ts';
import { readRows, type ReadOptions } from './read-rows.ts';
import { collect, writeTestFile } from './test-file.ts';

const fields = {
  firstName: text({ label: 'First name', personal: true }),
  plan: choice(['Basic', 'Plus'], { label: 'Plan', personal: false }),
  jan: number({ label: 'January', personal: true, min: 0, optional: true, fallback: 0 }),
};

async function read(content: string, options: Partial<ReadOptions> = {}) {
  const file = await readRows(await writeTestFile(content), { fields, ...options });
  return { file, rows: await collect(file.rows()) };
}

const messages = ({ check }: { check: { ok: boolean; message?: string } }) => (check.ok ? '' : check.message);

describe('readRows', () => {
  it('answers with records and the cells as they stand', async () => {
    const { file, rows } = await read('Customer ID;First Name;note;PLAN;Jan\r\n c-1 ; Anna ;=x;plus;1,5\r\n');
    expect(file).toMatchObject({
      encoding: 'utf-8',
      delimiter: ';',
      idColumn: 'Customer ID',
      header: ['Customer ID', 'First Name', 'note', 'PLAN', 'Jan'],
      mapping: { unfilled: [], unused: ['Customer ID', 'note'] },
    });
    expect(rows).toEqual([
      {
        row: 1,
        line: 2,
        cells: [' c-1 ', ' Anna ', '=x', 'plus', '1,5'],
        surplus: [],
        id: 'c-1',
        customerId: 'c-1',
        fileName: 'c-1',
        check: { ok: true, record: { firstName: 'Anna', plan: 'Plus', jan: 1.5 } },
        warnings: [
          {
            code: 'formula-cell',
            field: 'note',
            message: 'Column "note" begins with "=", which a spreadsheet may run as a formula.',
          },
        ],
      },
    ]);
  });

  it('gives every reason of a bad row', async () => {
    const { rows } = await read('id,first_name,plan,jan\n1,,Gold,-1\n');
    expect(rows[0]?.check).toMatchObject({ ok: false, code: 'row-invalid' });
    expect(rows.map(messages)).toEqual([
      'Column "first_name" is empty; write a value such as Anna. ' +
        'Column "plan" holds "Gold", which is not one of the choices; write Basic or Plus. ' +
        'Column "jan" holds "-1", which is too small; write 0 or more.',
    ]);
  });

  it('fails later rows of an id, and rows without one', async () => {
    const { rows } = await read(
      'id,first_name,plan\n7,Anna,Plus\n8,Bob,Plus\n 7 ,Cem,Plus\n,Dee,Plus\n7,Eve,Gold\n',
    );
    expect(rows.map(messages)).toEqual([
      '',
      '',
      'Column "id" holds "7", which is the id of row 1; give each row its own id.',
      'Column "id" is empty; write an id that no other row has.',
      'Column "id" holds "7", which is the id of row 1; give each row its own id. ' +
        'Column "plan" holds "Gold", which is not one of the choices; write Basic or Plus.',
    ]);
    expect(rows.map(({ check }) => (check.ok ? 'ok' : check.code))).toEqual([
      'ok',
      'ok',
      'row-duplicate',
      'row-invalid',
      'row-invalid',
    ]);
    expect(rows[3]?.id).toMatch(/^row-/);
  });

  it('fails ragged rows alone, keeps their surplus, and does not trust their ids', async () => {
    const { rows } = await read(
      'id,first_name,plan\n1,Anna\n1,Bob,Plus\n2,Smith, Ann,Plus,x\n3,Cem,Plus,, \n',
    );
    expect(rows.map(messages)).toEqual([
      'The row on line 2 has 2 of 3 cells; write the missing ones, if only as empty cells.',
      '',
      'The row on line 4 has 5 cells for 3 columns; put a value that holds the delimiter in quotes.',
      '',
    ]);
    expect(rows[2]).toMatchObject({ cells: ['2', 'Smith', ' Ann'], surplus: ['Plus', 'x'] });
  });

  it('leaves out the columns of earlier results, wherever they stand', async () => {
    const { file, rows } = await read(
      'bespoke_status,id,first_name,Bespoke_Plan,plan,bespoke_error\nfailed,1,Anna,x,Plus,"no, no"\nfailed,2,Bob,x,Plus\n',
    );
    expect(file.header).toEqual(['id', 'first_name', 'plan']);
    expect(rows.map(({ cells, check }) => [cells, check.ok])).toEqual([
      [['1', 'Anna', 'Plus'], true],
      [['2', 'Bob', 'Plus'], true],
    ]);
  });

  it('makes ids from content that do not depend on order or run', async () => {
    const rows = ['Anna,Plus', 'Bob,Plus', 'Anna,Plus', 'Anna,Basic'];
    const idsOf = async (lines: readonly string[]) =>
      (await read(`first_name,plan\n${lines.join('\n')}\n`)).rows.map(
        ({ id, cells }) => `${cells.join()}: ${id}`,
      );
    const ids = await idsOf(rows);
    expect(new Set(ids).size).toBe(4);
    expect(ids[2]).toBe(`${ids[0] ?? ''}-2`);
    expect((await idsOf(rows.toReversed())).toSorted()).toEqual(ids.toSorted());
  });

  it('reads so many rows as asked for, and again from the beginning', async () => {
    const file = await readRows(await writeTestFile('id,first_name,plan\n1,A,Plus\n2,B,Plus\n3,C,Plus\n'), {
      fields,
      limit: 2,
    });
    for (let time = 0; time < 2; time += 1) {
      expect((await collect(file.rows())).map(({ id }) => id)).toEqual(['1', '2']);
    }
    expect((await read('id,first_name,plan\n1,A,Plus\n', { limit: 0 })).rows).toEqual([]);
  });

  it('uses the columns that the person names', async () => {
    const { rows } = await read('id,ref,nick,first_name,plan\n1,r1,Ann,Anna,Plus\n', {
      idColumn: 'Ref',
      map: [{ column: 'nick', field: 'firstName' }],
    });
    expect(rows[0]).toMatchObject({ id: 'r1', check: { record: { firstName: 'Ann' } } });
    await expect(read('id,first_name,plan\n', { idColumn: 'idd' })).rejects.toMatchObject({
      code: 'csv-columns',
    });
  });

  it('answers one row per line that is not empty, whatever the lines hold', async () => {
    const cell = fc.stringMatching(/^[a-zß李=,-]{0,4}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 1, maxLength: 6 })), async (lines) => {
        const body = lines.map((line) => line.join(',')).join('\n');
        const { rows } = await read(`id,first_name,plan\n${body}`);
        expect(rows.length).toBe(body.split('\n').filter((line) => /[^,]/.test(line)).length);
        expect(rows.map(({ row }) => row)).toEqual(rows.map((_, at) => at + 1));
        const good = rows.filter(({ check }) => check.ok).map(({ fileName }) => fileName);
        expect(new Set(good).size).toBe(good.length);
      }),
      { numRuns: 60 },
    );
  });
});

import type { CustomerFile } from '../../data/csv/read-rows.ts';
import { errors } from '../../errors/messages.ts';
import type { Template } from '../../video/story/template.ts';
import { checkRowGlyphs, type IntakeRow } from '../../worker/core/intake.ts';

/**
 * One row of an input, as it will be drawn: texts that no font draws are replaced already.
 *
 * @param wanted 1-based.
 * @throws BespokeError `usage-invalid` when the input has fewer rows.
 */
export async function readRow(
  input: CustomerFile,
  template: Template,
  wanted: number,
): Promise<IntakeRow['check']> {
  let last = 0;
  for await (const each of input.rows()) {
    last = each.row;
    if (last === wanted) return checkRowGlyphs(template, each).check;
  }
  throw errors.rowUnknown({ row: wanted, rows: last });
}

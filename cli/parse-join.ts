import { Option } from 'commander';
import { errors } from '../errors/messages.ts';

/** A second table whose rows become the items of a list. */
export interface JoinOption {
  readonly field: string;
  readonly file: string;
  /** The column with the customer's id. */
  readonly key: string;
}

/** Parses `orders=orders.csv:customer_id`. A path may contain `=` and `:`, the others do not. @throws BespokeError `usage-invalid` */
function parseJoin(value: string): JoinOption {
  const [, field = '', file = '', key = ''] = /^\s*([^=\s]+)\s*=(.+):([^:/\\]+)$/s.exec(value) ?? [];
  if (field === '' || file.trim() === '' || key.trim() === '') throw errors.joinInvalid({ value });
  return { field, file: file.trim(), key: key.trim() };
}

/** `--join`, which may be repeated. */
export const joinOption = (): Option =>
  new Option(
    '--join <list=file:column>',
    'fill a list with the rows of a second table that have the customer’s id in this column; may be repeated',
  ).argParser((value: string, before?: readonly JoinOption[]) => [...(before ?? []), parseJoin(value)]);

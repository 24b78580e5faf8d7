import { count, defineError, didYouMean, list } from './define-error.ts';

/** A file, as its user calls it. */
export interface File {
  readonly file: string;
}

/** Commands and their options. */
export const commandErrors = {
  subcommandMissing: defineError(
    'usage-invalid',
    ({ command: name, subcommands }: { readonly command: string; readonly subcommands: readonly string[] }) =>
      `\`bespoke ${name}\` requires a subcommand: ${list(subcommands)}.`,
  ),
  optionInvalid: defineError(
    'usage-invalid',
    ({ option, takes, value }: { readonly option: string; readonly takes: string; readonly value: string }) =>
      `${option} takes ${takes}, not "${value}".`,
  ),
  optionElsewhere: defineError(
    'usage-invalid',
    ({
      option,
      command: name,
      commands,
    }: {
      readonly option: string;
      readonly command: string;
      readonly commands: readonly string[];
    }) =>
      `\`${name}\` does not take ${option}. ${commands.length === 1 ? 'This command does' : 'These commands do'}: ${list(commands.map((each) => `bespoke ${each}`))}.`,
  ),
  budgetWithoutPrice: defineError(
    'usage-invalid',
    () => '--budget is compared with what the hours cost. Name that too, such as --hour-price 0.40.',
  ),
  mapInvalid: defineError(
    'usage-invalid',
    ({ value }: { readonly value: string }) =>
      `"${value}" does not name a column and a field. Write it as column=field.`,
  ),
  joinInvalid: defineError(
    'usage-invalid',
    ({ value }: { readonly value: string }) =>
      `"${value}" does not say what is joined. Write it as list=file:column, such as orders=orders.csv:customer_id.`,
  ),
  manifestUnreadable: defineError(
    'usage-invalid',
    ({ file }: { readonly file: string }) => `${file} is not a JSON object. Correct or remove it.`,
  ),
  templateMissing: defineError('usage-invalid', ({ known = [] }: { readonly known?: readonly string[] }) =>
    known.length === 0 ? '--template is missing.' : `--template is missing. It takes one of ${list(known)}.`,
  ),
  templateUnknown: defineError(
    'template-unknown',
    (facts: {
      readonly id: string;
      readonly nearest: string | undefined;
      readonly known: readonly string[];
    }) => {
      const { id, nearest, known } = facts;
      const guess = nearest === undefined ? ` The templates are ${list(known)}.` : didYouMean(`"${nearest}"`);
      return `No template is called "${id}".${guess}`;
    },
  ),
  formatUnsupported: defineError(
    'usage-invalid',
    (facts: { readonly template: string; readonly format: string; readonly formats: readonly string[] }) =>
      `Template ${facts.template} does not support ${facts.format}. Its formats are ${list(facts.formats)}.`,
  ),
  recordTwice: defineError(
    'usage-invalid',
    () => '--record and --record-file are both given. Use one of them.',
  ),
  recordMissing: defineError(
    'usage-invalid',
    () => 'The record is missing. Use --record JSON or --record-file FILE.',
  ),
  recordUnreadable: defineError(
    'usage-invalid',
    ({ file, why }: File & { readonly why: string }) => `The record's file ${file} ${why}.`,
  ),
  mappingUnreadable: defineError(
    'usage-invalid',
    ({ file }: File) => `The mapping ${file} does not exist or cannot be read. \`bespoke map\` writes one.`,
  ),
  mappingInvalid: defineError(
    'usage-invalid',
    ({ file, why }: File & { readonly why: string }) =>
      `The mapping ${file} cannot be understood. ${why} A mapping looks like "fields:", then lines such as "  firstName: Vorname".`,
  ),
  recordNotJson: defineError(
    'usage-invalid',
    ({ source }: { readonly source: string }) =>
      `${source} is not valid JSON. A record looks like {"firstName": "Anna"}.`,
  ),
  recordNotObject: defineError(
    'usage-invalid',
    ({ source }: { readonly source: string }) =>
      `${source} must be one JSON object of field names and values.`,
  ),
  rowUnknown: defineError(
    'usage-invalid',
    ({ row, rows }: { readonly row: number; readonly rows: number }) =>
      `There is no row ${row}. The file has ${count(rows, 'row')}.`,
  ),
  rowWithoutCsv: defineError('usage-invalid', () => '--row requires --csv FILE.'),
  storedElsewhere: defineError(
    'usage-invalid',
    () =>
      "--stored checks the clips in this machine's workspace, but BESPOKE_URL names another deployment. Unset BESPOKE_URL, or run the command on the machine of that deployment.",
  ),
  storedHeld: defineError(
    'workspace-held',
    ({ held }: { readonly held: string }) =>
      `${held} --stored reads the clips there. Stop that process first, or leave out --stored.`,
  ),
  rowAndWorst: defineError('usage-invalid', () => '--row and --worst cannot be combined.'),
  noGoodRow: defineError('row-invalid', () => 'The file has no valid row, so there is nothing to draw.'),
  flagWithSession: defineError(
    'usage-invalid',
    ({ flag }: { readonly flag: string }) => `--${flag} cannot be combined with --session.`,
  ),
  renderCancelledElsewhere: defineError('render-cancelled', () => 'Another client cancelled this render.'),
  renderDeletedElsewhere: defineError('render-cancelled', () => 'Another client deleted this render.'),
  customerErased: defineError('person-erased', () => 'This customer was erased, so no video was made.'),
  personUnnamed: defineError(
    'usage-invalid',
    () => 'Name the person with either --id <customer id> or --render <render id>.',
  ),
  erasureUnconfirmed: defineError(
    'usage-invalid',
    () => 'Erasing cannot be undone. `bespoke people export` shows what is held. Add --yes to erase it.',
  ),
  withdrawalUnconfirmed: defineError(
    'usage-invalid',
    () =>
      'Links that were mailed stop working at once, and new ones have other addresses. Add --yes to withdraw them.',
  ),
  mailedUnknown: defineError(
    'usage-invalid',
    ({ id }: { readonly id: string }) =>
      `There is no campaign and no render "${id}". \`bespoke links list\` lists the campaigns.`,
  ),
  keyNameInvalid: defineError(
    'usage-invalid',
    () => '--name takes 1 to 100 characters that say who or what uses the key.',
  ),
};

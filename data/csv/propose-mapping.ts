import { stringify } from 'yaml';
import { showValue } from '../check-record.ts';
import { isMoney, writeMoney } from '../parse-money.ts';
import { rootOf } from '../leaves.ts';
import { type Field, type Fields, rowFields } from '../record.ts';
import { findIdColumn } from './row-id.ts';
import { type Mapping, showHeaders, suggestMapping } from './map-columns.ts';
import { type CsvDialect } from './dialect.ts';
import { readTable } from './read-table.ts';

/** Words of a column that its field, of a few words, does not know. */
type UnknownWords = ReadonlyMap<string, ReadonlySet<string>>;

/** More different words are no list of choices. */
const mostWords = 50;

const choicesOf = ({ jsonSchema }: Field): readonly string[] => {
  const names: unknown = jsonSchema['enum'];
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
};

/** Reads the whole file for words that its fields of choices, and of yes and no, do not know. */
async function findWords(
  records: AsyncIterable<{ readonly cells: readonly string[] }>,
  fields: Fields,
  { columns }: Mapping,
): Promise<UnknownWords> {
  const choices = columns.flatMap(({ field, read }) => {
    const declared = fields[field];
    return declared?.kind === 'choice' || declared?.kind === 'boolean'
      ? [{ field, read, knows: (word: string) => declared.parse(word).ok, words: new Set<string>() }]
      : [];
  });
  if (choices.length === 0) return new Map();
  for await (const { cells } of records) {
    for (const { read, knows, words } of choices) {
      const word = (read(cells) ?? '').trim();
      if (word !== '' && words.size <= mostWords && !knows(word)) words.add(word);
    }
  }
  return new Map(
    choices.flatMap(({ field, words }) =>
      words.size > 0 && words.size <= mostWords ? [[field, words]] : [],
    ),
  );
}

const scalar = (text: string): string => stringify(text, { lineWidth: 0 }).trim();

function explain(field: Field): string {
  const { label, required, example, fallback } = field;
  const choices = choicesOf(field);
  const values =
    field.kind === 'boolean'
      ? 'yes or no'
      : choices.length > 0
        ? choices.join(', ')
        : `such as ${showValue(example)}`;
  const missing =
    fallback === undefined
      ? ''
      : `; without it: ${isMoney(fallback) ? writeMoney(fallback) : JSON.stringify(fallback)}`;
  return `${label}: ${values}${required ? '' : `${missing} (optional)`}`;
}

function writeField(name: string, field: Field, mapping: Mapping, words: UnknownWords): readonly string[] {
  const parts = mapping.columns.filter((each) => each.field !== name && rootOf(each.field) === name);
  if (parts.length > 0) {
    return [
      `  # ${explain(field)}`,
      ...parts.map((each) => `  ${scalar(each.field)}: ${scalar(each.column)}`),
    ];
  }
  const column = mapping.columns.find((each) => each.field === name);
  const unclear = mapping.ambiguous.find((each) => each.field === name);
  const unknown = words.get(name);
  const about = `  # ${explain(field)}`;
  if (unclear !== undefined) {
    const [first = '', ...others] = unclear.columns;
    return [about, `  # Or ${showHeaders(others)}: choose one.`, `  ${scalar(name)}: ${scalar(first)}`];
  }
  if (column === undefined) {
    const advice = field.required
      ? `  # No column was found. Write the name of one, or a value for all rows, such as ${scalar(`=${showValue(field.example)}`)}.`
      : undefined;
    const line = `  ${scalar(name)}:`;
    return [about, ...(advice === undefined ? [`${line} null`] : [advice, `  # ${line.trim()}`])];
  }
  if (unknown === undefined) return [about, `  ${scalar(name)}: ${scalar(column.column)}`];
  return [
    about,
    `  ${scalar(name)}:`,
    `    from: ${scalar(column.column)}`,
    `    # Write behind each word ${field.kind === 'boolean' ? 'yes or no' : 'which choice it is'}.`,
    '    words:',
    ...[...unknown].map((word) => `      ${scalar(word)}: null`),
  ];
}

/**
 * Proposes a mapping for an export, as YAML for a person to complete: a column for each field, words that are no
 * choices of their field, and the columns that are not used.
 *
 * @param usage lines about how to use the file.
 * @param name what messages call it.
 * @throws BespokeError as `readTable` does.
 */
export async function proposeMapping(
  { file, dialect }: { readonly file: string; readonly dialect?: CsvDialect },
  fields: Fields,
  usage: readonly string[],
  name?: string,
): Promise<string> {
  const table = await readTable(file, name, dialect);
  const headers = table.header.cells;
  const mapping = suggestMapping(headers, fields);
  const idColumn = findIdColumn(headers);
  const words = await findWords(table.records(), fields, mapping);
  const id = idColumn && (headers[idColumn.index] ?? '').trim();
  const unused = mapping.unused.filter((header) => header !== '' && header !== id);
  return [
    ...usage.map((line) => `# ${line}`),
    id === undefined ? '# id: the column with the id of the customer' : `id: ${scalar(id)}`,
    'fields:',
    ...Object.entries(rowFields(fields)).flatMap(([name, field]) => writeField(name, field, mapping, words)),
    unused.length === 0 ? 'unused: []' : 'unused:',
    ...unused.map((header) => `  - ${scalar(header)}`),
    '',
  ].join('\n');
}

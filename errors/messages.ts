import { BespokeError } from './bespoke-error.ts';
import type { ErrorCode } from './catalogue.ts';

/**
 * Declares an error: its code, and its message as a function of the facts. The message says what happened and
 * why; the catalogue's hint says what to do.
 */
const error =
  <Facts = void>(code: ErrorCode, message: (facts: Facts) => string) =>
  (facts: Facts, options?: ErrorOptions): BespokeError =>
    new BespokeError(code, message(facts), options);

const grouped = new Intl.NumberFormat('en');

/** `1 row`, `1,204 rows`. */
const count = (number: number, one: string): string =>
  `${grouped.format(number)} ${one}${number === 1 ? '' : 's'}`;

const list = (names: readonly string[]): string => names.join(', ');

const quoted = (names: readonly string[]): readonly string[] => names.map((name) => `"${name}"`);

const didYouMean = (shown: string | undefined): string =>
  shown === undefined ? '' : ` Did you mean ${shown}?`;

interface File {
  readonly file: string;
}

/** A row of a CSV. */
interface CsvRow {
  /** What the user calls the file. */
  readonly name: string;
  readonly line: number;
}

/** Commands and their options. */
const command = {
  subcommandMissing: error(
    'usage-invalid',
    ({ command: name, subcommands }: { readonly command: string; readonly subcommands: readonly string[] }) =>
      `\`bespoke ${name}\` requires a subcommand: ${list(subcommands)}.`,
  ),
  optionInvalid: error(
    'usage-invalid',
    ({ option, takes, value }: { readonly option: string; readonly takes: string; readonly value: string }) =>
      `${option} takes ${takes}, not "${value}".`,
  ),
  mapInvalid: error(
    'usage-invalid',
    ({ value }: { readonly value: string }) =>
      `"${value}" does not name a column and a field. Write it as column=field.`,
  ),
  templateMissing: error('usage-invalid', ({ known = [] }: { readonly known?: readonly string[] }) =>
    known.length === 0 ? '--template is missing.' : `--template is missing. It takes one of ${list(known)}.`,
  ),
  templateUnknown: error(
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
  formatUnsupported: error(
    'usage-invalid',
    (facts: { readonly template: string; readonly format: string; readonly formats: readonly string[] }) =>
      `Template ${facts.template} does not support ${facts.format}. Its formats are ${list(facts.formats)}.`,
  ),
  recordTwice: error('usage-invalid', () => '--record and --record-file are both given. Use one of them.'),
  recordMissing: error(
    'usage-invalid',
    () => 'The record is missing. Use --record JSON or --record-file FILE.',
  ),
  recordUnreadable: error(
    'usage-invalid',
    ({ file, why }: File & { readonly why: string }) => `The record's file ${file} ${why}.`,
  ),
  recordNotJson: error(
    'usage-invalid',
    ({ source }: { readonly source: string }) =>
      `${source} is not valid JSON. A record looks like {"firstName": "Anna"}.`,
  ),
  recordNotObject: error(
    'usage-invalid',
    ({ source }: { readonly source: string }) =>
      `${source} must be one JSON object of field names and values.`,
  ),
  rowUnknown: error(
    'usage-invalid',
    ({ row, rows }: { readonly row: number; readonly rows: number }) =>
      `There is no row ${row}. The file has ${count(rows, 'row')}.`,
  ),
  rowWithoutCsv: error('usage-invalid', () => '--row requires --csv FILE.'),
  storedElsewhere: error(
    'usage-invalid',
    () =>
      "--stored checks the clips in this machine's workspace, but BESPOKE_URL names another deployment. Unset BESPOKE_URL, or run the command on the machine of that deployment.",
  ),
  rowAndWorst: error('usage-invalid', () => '--row and --worst cannot be combined.'),
  noGoodRow: error('row-invalid', () => 'The file has no valid row, so there is nothing to draw.'),
  flagWithSession: error(
    'usage-invalid',
    ({ flag }: { readonly flag: string }) => `--${flag} cannot be combined with --session.`,
  ),
  renderCancelledElsewhere: error('render-cancelled', () => 'Another client cancelled this render.'),
  customerErased: error('person-erased', () => 'This customer was erased, so no video was made.'),
  personUnnamed: error(
    'usage-invalid',
    () => 'Name the person with either --id <customer id> or --render <render id>.',
  ),
  erasureUnconfirmed: error(
    'usage-invalid',
    () => 'Erasing cannot be undone. `bespoke people export` shows what is held. Add --yes to erase it.',
  ),
  keyNameInvalid: error(
    'usage-invalid',
    () => '--name takes 1 to 100 characters that say who or what uses the key.',
  ),
};

/** The machine and its processes. */
const machine = {
  workerNeedsEngines: error(
    'worker-alone',
    () =>
      '`bespoke worker` requires REDIS_URL and DATABASE_URL. On one machine use `bespoke serve` or `bespoke batch`, which render themselves.',
  ),
  serveNeedsEngines: error(
    'worker-alone',
    () =>
      '--no-worker requires REDIS_URL and DATABASE_URL, so that a `bespoke worker` can render. Set both, or leave out --no-worker.',
  ),
  portTaken: error(
    'address-in-use',
    ({ host, port, option }: { readonly host: string; readonly port: number; readonly option: string }) =>
      `Another program listens on port ${port} of ${host}. Choose another port with ${option}.`,
  ),
  portForbidden: error(
    'usage-invalid',
    ({ port, option }: { readonly port: number; readonly option: string }) =>
      `This user is not allowed to listen on port ${port}. Choose ${option} 1024 or higher.`,
  ),
  hostInvalid: error(
    'usage-invalid',
    ({ host, option }: { readonly host: string; readonly option: string }) =>
      `${option} takes an address of this machine, not "${host}".`,
  ),
  ownerOfOtherVersion: error(
    'workspace-held',
    (facts: {
      readonly pid: number;
      readonly command: string;
      readonly theirs: string;
      readonly ours: string;
    }) =>
      `Process ${facts.pid} (${facts.command}) uses this workspace with version ${facts.theirs} of Bespoke. This command has version ${facts.ours}, so it cannot use that process.`,
  ),
  ownerStopped: error(
    'server-stopped',
    ({ pid }: { readonly pid: number }) =>
      `The server that did this work (process ${pid}) stopped before it was done.`,
  ),
  serverUnreachable: error(
    'server-unreachable',
    ({ url, why }: { readonly url: string; readonly why: string | undefined }) =>
      `${url} does not answer${why === undefined ? '' : ` (${why})`}.`,
  ),
  serverBusy: error(
    'service-unavailable',
    ({ status }: { readonly status: number }) => `The server answered with status ${status}.`,
  ),
  serverUnknown: error(
    'server-incompatible',
    ({ status }: { readonly status: number }) =>
      `The server answered with status ${status} in a form that this version does not know. Is it the address of a Bespoke server?`,
  ),
  answerUnknown: error(
    'server-incompatible',
    ({ difference }: { readonly difference: string }) =>
      `The server's answer has a form that this version of the client does not know: ${difference}`,
  ),
  diskFull: error('disk-full', ({ file }: File) => `There is no space left to write ${file}.`),
  diskReadOnly: error('directory-not-writable', ({ file }: File) => `${file} is on a read-only disk.`),
  fileNotWritable: error('directory-not-writable', ({ file }: File) => `${file} cannot be written.`),
  targetIsFolder: error(
    'directory-not-writable',
    ({ file }: File) => `${file} is a folder. Name a file in it.`,
  ),
  folderNotWritable: error(
    'directory-not-writable',
    ({ folder, exists }: { readonly folder: string; readonly exists: boolean }) =>
      `The folder ${folder} ${exists ? 'cannot be written to' : 'does not exist'}.`,
  ),
};

/** CSV files and rows of JSON. */
const input = {
  csvNotFile: error('csv-unreadable', ({ file }: File) => `${file} is a folder or a device, not a file.`),
  csvUnreadable: error(
    'csv-unreadable',
    ({ file, why }: File & { readonly why: string }) => `${file} ${why}.`,
  ),
  csvEmpty: error('csv-empty', ({ name }: { readonly name: string }) => `${name} is empty.`),
  csvBlank: error('csv-empty', ({ name }: { readonly name: string }) => `${name} contains only empty lines.`),
  csvOtherFormat: error(
    'csv-not-text',
    ({ name, format }: { readonly name: string; readonly format: string }) =>
      `${name} is ${format}, not a CSV.`,
  ),
  csvWithNul: error(
    'csv-not-text',
    ({ name }: { readonly name: string }) => `${name} contains NUL bytes, so it is not text.`,
  ),
  csvBinary: error(
    'csv-not-text',
    ({ name }: { readonly name: string }) => `${name} contains too many control characters to be text.`,
  ),
  csvDamaged: error(
    'csv-encoding',
    ({ name }: { readonly name: string }) => `${name} starts as UTF-16 but is damaged further on.`,
  ),
  csvMixedEncoding: error(
    'csv-encoding',
    ({ name, line, places }: CsvRow & { readonly places: number }) =>
      `${name} is UTF-8, but line ${line} contains bytes of another encoding (${count(places, 'place')} in total).`,
  ),
  csvChanged: error(
    'csv-encoding',
    ({ name }: { readonly name: string }) => `${name} changed while it was read.`,
  ),
  csvQuoteOpen: error(
    'csv-quotes',
    ({ name, line }: CsvRow) =>
      `In ${name} a quote opens in the row that starts on line ${line} and is not closed where the value ends.`,
  ),
  csvRowEndless: error(
    'csv-quotes',
    ({ name, line }: CsvRow) =>
      `In ${name} the row that starts on line ${line} is longer than a megabyte. A quote in it is probably not closed.`,
  ),
  csvTooWide: error(
    'csv-too-wide',
    ({ name, line, cells, most }: CsvRow & { readonly cells: number; readonly most: number }) =>
      `In ${name} the row that starts on line ${line} has ${grouped.format(cells)} cells. The limit is ${grouped.format(most)}.`,
  ),
  /** Names are shown as `showHeaders` writes them. */
  columnTwice: error(
    'csv-columns',
    ({ name, numbers }: { readonly name: string; readonly numbers: readonly number[] }) =>
      `${numbers.length} columns are called ${name} (columns ${numbers.join(' and ')}). Give each its own name.`,
  ),
  columnUnknown: error(
    'csv-columns',
    (facts: { readonly name: string; readonly nearest: string | undefined; readonly all: string }) =>
      `There is no column ${facts.name}.${didYouMean(facts.nearest)} The columns are ${facts.all}.`,
  ),
  fieldUnknown: error(
    'csv-columns',
    (facts: {
      readonly name: string;
      readonly nearest: string | undefined;
      readonly all: readonly string[];
    }) => {
      const guess = didYouMean(facts.nearest === undefined ? undefined : `"${facts.nearest}"`);
      return `The template has no field "${facts.name}".${guess} Its fields are ${list(facts.all)}.`;
    },
  ),
  fieldTwice: error(
    'csv-columns',
    ({ field }: { readonly field: string }) => `Two columns are mapped to the field "${field}".`,
  ),
  fieldUnclear: error(
    'csv-columns',
    ({ field, columns }: { readonly field: string; readonly columns: string }) =>
      `The columns ${columns} match the field "${field}" equally well. Keep one, or give them different names.`,
  ),
  fieldsUnfilled: error(
    'csv-columns',
    ({ fields, all }: { readonly fields: readonly string[]; readonly all: string }) =>
      `No column was found for ${list(fields)}. The columns are ${all}.`,
  ),
  idColumnUnclear: error(
    'csv-columns',
    ({ columns }: { readonly columns: string }) =>
      `The columns ${columns} could both be the id. Name one with --id.`,
  ),
  rowsMissing: error('request-invalid', () => 'There are no rows.'),
  rowNotObject: error(
    'request-invalid',
    ({ row }: { readonly row: number }) => `Row ${row} is not an object of column names and values.`,
  ),
  rowTooWide: error(
    'request-invalid',
    ({ row, most }: { readonly row: number; readonly most: number }) =>
      `Row ${row} has more than ${most} columns.`,
  ),
  rowsTooWide: error(
    'request-invalid',
    ({ most }: { readonly most: number }) => `The rows have more than ${most} columns in total.`,
  ),
  rowEmpty: error('request-invalid', ({ row }: { readonly row: number }) => `Row ${row} has no values.`),
  cellInvalid: error(
    'request-invalid',
    ({ row, column }: { readonly row: number; readonly column: string }) =>
      `"${column}" in row ${row} must be text, a number, true, false or null.`,
  ),
  cellBoolean: error(
    'request-invalid',
    ({ row, column, value }: { readonly row: number; readonly column: string; readonly value: boolean }) =>
      `"${column}" in row ${row} is ${value}, but it fills a field. Fields take text or numbers.`,
  ),
};

/** Requests to the HTTP API. */
const request = {
  /** For an id or address that names nothing; the code says of which kind. */
  nothingHere: (code: ErrorCode = 'route-unknown'): BespokeError =>
    new BespokeError(code, 'There is nothing at this address.'),
  methodUnknown: error(
    'method-unknown',
    ({ method, allowed }: { readonly method: string; readonly allowed: readonly string[] }) =>
      `This route does not support ${method}. Use ${allowed.join(' or ')}.`,
  ),
  requestLate: error('request-timeout', () => 'The request did not arrive in time.'),
  requestStalled: error(
    'request-timeout',
    ({ kilobytes, seconds }: { readonly kilobytes: number; readonly seconds: number }) =>
      `Less than ${kilobytes} kB of the request arrived within ${seconds} s, so the server closed it.`,
  ),
  headersTooLarge: error('request-invalid', () => 'The headers are too large.'),
  notHttp: error('request-invalid', () => 'The request is not valid HTTP.'),
  contentTypeMissing: error(
    'media-type-unsupported',
    () => 'The request does not say what its body is (Content-Type).',
  ),
  formInvalid: error('request-invalid', ({ why }: { readonly why: string }) => why),
  formUnreadable: error(
    'request-invalid',
    ({ why }: { readonly why: string }) => `The form cannot be read: ${why}.`,
  ),
  fileTooLarge: error(
    'body-too-large',
    ({ megabytes }: { readonly megabytes: number }) =>
      `The file is larger than ${megabytes} MB, the limit of this server.`,
  ),
  rangeInvalid: error('range-invalid', () => 'The requested range is behind the end of the file.'),
  idempotencyConflict: error(
    'idempotency-conflict',
    () => 'This Idempotency-Key was sent before with another body, so nothing was ordered.',
  ),
  recordInvalid: error('record-invalid', ({ fields }: { readonly fields: number }) =>
    fields === 1 ? 'A field of the record is invalid.' : `${fields} fields of the record are invalid.`,
  ),
  campaignUnknown: error('campaign-unknown', () => 'There is no campaign with this id.'),
  renderUnknown: error('render-unknown', () => 'There is no render with this id.'),
  keyUnknown: error('key-unknown', ({ id }: { readonly id?: string }) =>
    id === undefined ? 'No key has this id.' : `No key has the id "${id}".`,
  ),
  keyMissing: error('key-missing', () => 'The request has no header "Authorization: Bearer <key>".'),
  keyInvalid: error('key-missing', () => 'The key of this request is unknown, revoked or mistyped.'),
  keyForbidden: error(
    'key-forbidden',
    (facts: { readonly required: readonly string[]; readonly id: string; readonly has: readonly string[] }) =>
      `This route requires a key with the scope ${quoted(facts.required).join(' or ')}. The key "${facts.id}" has ${list(quoted(facts.has))}.`,
  ),
  keyOverused: error(
    'rate-limited',
    ({ most, seconds }: { readonly most: number; readonly seconds: number }) =>
      `This key has made more than ${most} requests within a minute. Try again in ${seconds} s.`,
  ),
  wrongKeys: error(
    'rate-limited',
    ({ seconds }: { readonly seconds: number }) =>
      `Too many requests without a valid key came from this address. Try again in ${seconds} s.`,
  ),
  linkOverused: error(
    'rate-limited',
    ({ seconds }: { readonly seconds: number }) =>
      `Too many requests with this link. Try again in ${seconds} s.`,
  ),
  wrongLinks: error(
    'rate-limited',
    ({ seconds }: { readonly seconds: number }) =>
      `Too many requests for unknown links came from this address. Try again in ${seconds} s.`,
  ),
  streamsTaken: error('service-unavailable', () => 'This server has too many open event streams.'),
};

/** Links, viewers and what they watch. */
const viewer = {
  linkUnknown: error('link-unknown', () => 'There is nothing to see at this address.'),
  filesGone: error(
    'link-unknown',
    ({ render }: { readonly render: string }) => `The files of render ${render} are no longer available.`,
  ),
  linkedFileMissing: error('stored-file-missing', () => 'The file of a link is missing from the store.'),
  fileComing: error(
    'service-unavailable',
    ({ kind }: { readonly kind: string }) => `The ${kind} is still being made.`,
  ),
  fileMadeAgain: error(
    'service-unavailable',
    ({ kind }: { readonly kind: string }) => `The ${kind} is being made again.`,
  ),
  clipNotShared: error('clip-unavailable', () => 'There is no shared clip at this address.'),
  clipUnknown: error('clip-unavailable', () => 'This session has no such clip.'),
  clipFailed: error('clip-unavailable', () => 'The clip could not be rendered.'),
  originRefused: error('origin-refused', () => 'A page of another site sent this request.'),
  sessionMissing: error('session-missing', () => 'The request has no open viewer session.'),
  rightsMissing: error('rights-missing', () => 'This link only allows watching.'),
};

/** Every error whose message is written here, by name; `throw errors.templateUnknown({ … })`. */
export const errors = { ...command, ...machine, ...input, ...request, ...viewer };

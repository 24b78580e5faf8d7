import type { StoryCheck } from '../../video/story/check/check-story.ts';
import type { Finding } from '../../video/story/check/finding.ts';
import type { Template } from '../../video/story/template.ts';
import { labelled } from '../terminal/labelled.ts';
import type { Paint } from '../terminal/paint.ts';
import { plain } from '../terminal/plain.ts';
import { countOf, formatCount } from '../terminal/quantities.ts';
import { formatTable } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrapWords } from '../terminal/wrap-words.ts';

/** The extent of the check. */
export function describeSearch(
  { id, story }: Template,
  { search, walks }: StoryCheck,
  rows: { readonly good: number; readonly bad: number } | undefined,
  paint: Paint,
): string {
  const { records, states, complete } = search;
  const kinds = `${countOf(records, 'kind')} of records`;
  const how = complete ? 'all' : `the first ${formatCount(states)}; there are more`;
  const bad = rows === undefined || rows.bad === 0 ? '' : ` · ${countOf(rows.bad, 'bad row')} left out`;
  return [
    labelled('Story', [`${id} · ${countOf(Object.keys(story.nodes).length, 'node')}`], paint),
    labelled('Search', [`${countOf(states, 'state')} for ${kinds} · ${how}`], paint),
    labelled(
      'Walks',
      [`${formatCount(walks.ended)} of ${formatCount(walks.count)} reached an end · seed ${walks.seed}`],
      paint,
    ),
    ...(rows === undefined ? [] : [labelled('Customers', [`${formatCount(rows.good)}${bad}`], paint)]),
  ].join('\n');
}

const amount = (count: number | undefined): string => (count === undefined ? 'any' : formatCount(count));

/** Each node with how often walks entered it, and how many clips it can require. */
export function formatNodes(
  { story }: Template,
  { walks, clips, customers }: StoryCheck,
  paint: Paint,
): string {
  const right = { align: 'right' } as const;
  const columns = [
    { title: 'node' },
    { title: 'type' },
    { title: 'entered', ...right },
    { title: 'clips a customer', ...right },
    ...(customers === undefined ? [] : [{ title: 'clips of all', ...right }]),
    { title: '' },
  ];
  const rows = Object.entries(story.nodes).map(([id, { type }]) => {
    const own = clips.find(({ node, which }) => node === id && which === 'own');
    const kind =
      own === undefined ? '' : own.justInTime ? 'just in time' : own.personal ? 'personal' : 'shared';
    return [
      id,
      type,
      formatCount(walks.hits[id] ?? 0),
      own === undefined ? '' : amount(own.perCustomer),
      ...(customers === undefined ? [] : [own === undefined ? '' : amount(own.total)]),
      paint.dim(kind),
    ];
  });
  return formatTable(columns, rows, paint);
}

const shownCustomers = 10;

function formatFinding(
  { severity, code, node, choice, message, remedy, customers }: Finding,
  terminal: Terminal,
): string {
  const { paintResult: paint, resultColumns } = terminal;
  const width = Math.max(40, Math.min(resultColumns(), 110) - 4);
  const place = [node, choice].flatMap((name) => (name === undefined ? [] : [plain(name)])).join(' / ');
  const head = `${severity === 'error' ? paint.red('Error') : paint.yellow('Warning')}  ${paint.bold(code)}`;
  const who = customers ?? [];
  const names = who.slice(0, shownCustomers).map(plain).join(', ');
  const more = who.length > shownCustomers ? `, … (--json lists all)` : '';
  return [
    `  ${head}${place === '' ? '' : `  ${paint.dim(place)}`}`,
    ...[plain(message), remedy].flatMap((line) => wrapWords(line, width)).map((line) => `    ${line}`),
    ...(who.length === 0
      ? []
      : wrapWords(`${countOf(who.length, 'customer')}: ${names}${more}`, width).map((line) => `    ${line}`)),
  ].join('\n');
}

/** Findings one below the other, and their number. */
export function formatFindings(findings: readonly Finding[], terminal: Terminal): string {
  if (findings.length === 0) return `  ${terminal.paintResult.green('No problems found.')}`;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const sum = `${countOf(errors, 'error')}, ${countOf(findings.length - errors, 'warning')}`;
  return [...findings.map((each) => formatFinding(each, terminal)), `  ${sum}`].join('\n\n');
}

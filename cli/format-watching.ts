import type { CampaignReport } from '../worker/measurement/report-schema.ts';
import { nameClips } from '../worker/measurement/name-clips.ts';
import { type Column, countOf, formatCount, formatPercent, formatTable } from './layout.ts';
import { plain, shorten, type Paint } from './terminal.ts';

type Watching = CampaignReport['watching'];
type Reported = Pick<CampaignReport, 'watching' | 'viewers' | 'sent'>;
type Steps = Watching['viewers'];

const right = (title: string): Column => ({ title, align: 'right' });

const share = (part: number, whole: number): string => (whole === 0 ? '' : formatPercent(part / whole));

/** Steps in the order in which viewers take them, with their names. */
const funnel = [
  ['opened', 'opened the page'],
  ['started', 'started the film'],
  ['watched25', 'saw 25 % of it'],
  ['watched50', 'saw 50 % of it'],
  ['watched75', 'saw 75 % of it'],
  ['watched95', 'saw 95 % of it'],
  ['ended', 'came to the end'],
  ['chose', 'chose something'],
  ['answered', 'answered a question'],
  ['linkShown', 'saw a call to action'],
  ['linkFollowed', 'followed it'],
] as const satisfies readonly (readonly [keyof Steps, string])[];

function formatFunnel({ viewers, withVideo }: Watching, paint: Paint): string {
  const always = new Set(['opened', 'started', 'watched50', 'watched95']);
  const rows = funnel
    .filter(([step]) => viewers[step] > 0 || always.has(step))
    .map(([step, name]) => [name, formatCount(viewers[step]), share(viewers[step], withVideo)]);
  return formatTable(
    [{ title: 'of those who had a video' }, right('customers'), right('share')],
    rows,
    paint,
  );
}

/** What is compared between groups. */
const columns = ['opened', 'started', 'watched50', 'watched95', 'chose', 'linkFollowed'] as const;

const groups = [
  ['segments', 'audience segment'],
  ['variants', 'variant'],
  ['formats', 'format'],
  ['devices', 'device'],
  ['days', 'first opened on'],
] as const satisfies readonly (readonly [keyof Watching, string])[];

const mostDays = 14;

/** A table for each way to divide viewers; one that would have a single line is left out. */
function formatGroups({ watching, viewers }: Reported, paint: Paint): readonly string[] {
  return groups.flatMap(([group, title]) => {
    const all = watching[group];
    if (all.length < 2 && group !== 'segments') return [];
    if (all.length === 0) return [];
    const shown = all.slice(-mostDays);
    const did = group === 'devices' || group === 'days' ? viewers[group] : [];
    const conversions = did[0]?.conversions.map((each) => each.name) ?? [];
    const converted = (viewer: string, wanted: string): string => {
      const found = did.find(({ name }) => name === viewer)?.conversions.find(({ name }) => name === wanted);
      return found === undefined ? '' : formatCount(found.converted);
    };
    const rows = shown.map(({ name, ...steps }) => [
      plain(name),
      ...columns.map((step) => formatCount(steps[step])),
      steps.averageShare === null ? '' : formatPercent(steps.averageShare),
      ...conversions.map((each) => converted(name, each)),
    ]);
    const titles = [
      ...['opened', 'started', 'saw 50 %', 'saw 95 %', 'chose', 'followed', 'saw on average'],
      ...conversions.map(plain),
    ];
    return [formatTable([{ title }, ...titles.map(right)], rows, paint)];
  });
}

/** Clips of a scene that are compared; more say nothing at a glance. */
const mostClips = 8;
/** Characters of a clip's name. */
const mostOfName = 44;

function formatScenes({ scenes }: Watching, paint: Paint): string {
  const rows = scenes.flatMap(({ node, entered, stayed, left, clips }) => {
    const several = nameClips(clips)
      .flatMap((name, index) => ({ name, ...(clips[index] ?? { entered: 0, stayed: 0 }) }))
      .toSorted((a, b) => b.entered - a.entered)
      .slice(0, clips.length < 2 ? 0 : mostClips);
    return [
      [plain(node), formatCount(entered), share(stayed, entered), formatCount(left)],
      ...several.map((clip) => [
        `  ${shorten(plain(clip.name), mostOfName)}`,
        formatCount(clip.entered),
        share(clip.stayed, clip.entered),
        '',
      ]),
    ];
  });
  return formatTable(
    [{ title: 'scene' }, right('entered'), right('stayed'), right('left here')],
    rows,
    paint,
  );
}

const ways = { viewer: '', timer: ' (time was over)', default: ' (by default)', skip: ' (skipped)' } as const;

function formatDecisions({ decisions }: Watching, paint: Paint): string {
  const rows = decisions.flatMap(({ node, offered, medianSeconds, ways: taken }) =>
    taken
      .toSorted((one, other) => other.first - one.first)
      .map(({ choice, by, first }, index) => [
        index === 0 ? plain(node) : '',
        `${plain(choice ?? 'answer')}${ways[by]}`,
        formatCount(first),
        share(first, offered),
        index === 0 && medianSeconds !== null ? `${medianSeconds} s` : '',
      ]),
  );
  if (rows.length === 0) return '';
  return formatTable(
    [
      { title: 'decision' },
      { title: '' },
      right('customers'),
      right('of those asked'),
      right('decided within'),
    ],
    rows,
    paint,
  );
}

/** Who is in the figures and has no video any more, and what was opened and moves no figure. */
function formatNotes({ viewers, withVideo, guests, notCounted }: Watching, sent: number): readonly string[] {
  const gone = withVideo - sent;
  const machines = notCounted.machines.reduce((sum, { pages }) => sum + pages, 0);
  return [
    ...(gone <= 0 || viewers.opened === 0
      ? []
      : [`Also counted: ${countOf(gone, 'customer')} erased since, or whose video was deleted.`]),
    ...(guests.opened === 0 ? [] : [`${countOf(guests.opened, 'guest')} watched by shared links.`]),
    ...(notCounted.unconfirmed + machines === 0
      ? []
      : [
          `Not counted: ${countOf(notCounted.unconfirmed, 'page')} that nobody touched, ${countOf(machines, 'page')} opened by machines.`,
        ]),
  ];
}

/** How the videos of a campaign are watched, as blocks of text. */
export function formatWatching(report: Reported, paint: Paint): readonly string[] {
  const { watching, sent } = report;
  const { viewers } = watching;
  const notes = formatNotes(watching, sent);
  if (viewers.opened === 0) return ['Nobody has opened a page yet.', ...notes];
  const average =
    viewers.averageShare === null
      ? []
      : [`Those who started saw ${formatPercent(viewers.averageShare)} of the film on average.`];
  return [
    formatFunnel(watching, paint),
    ...formatGroups(report, paint),
    ...(watching.scenes.length === 0 ? [] : [formatScenes(watching, paint)]),
    formatDecisions(watching, paint),
    [...average, ...notes].join('\n'),
  ].filter((block) => block !== '');
}

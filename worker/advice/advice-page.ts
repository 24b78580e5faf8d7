import {
  bar,
  command,
  document,
  figures,
  finding,
  list,
  meter,
  paragraph,
  section,
  subheading,
  table,
  tag,
  type Tone,
  withNote,
} from '../documents/document.ts';
import type { Markup } from '../documents/html.ts';
import type { Advice, Factor, Level } from './advice-schema.ts';
import { levelAbove, levelBelow, limits } from './criteria.ts';
import { groupAlike, sayApplied } from './recommend.ts';
import {
  adviceWords,
  levelMeanings,
  levelWords,
  sayCount,
  sayHours,
  sayMoney,
  sayShare,
  sayTime,
} from './words.ts';

const tones = { ready: 'good', 'with-care': 'care', 'not-yet': 'bad' } as const satisfies Record<Level, Tone>;

const levelTag = (level: Level): Markup => tag(levelWords[level], tones[level]);

const end = (title: string) => ({ title, align: 'end' }) as const;

const findings = ({ findings: all }: Factor): Markup =>
  list(all.map(({ level, message, remedy }) => finding(levelTag(level), message, remedy)));

function summary({ factors, rows, clips, time }: Advice): Markup {
  return section('At a glance', [
    table(
      'The five factors',
      [{ title: 'Factor' }, { title: 'Level' }, { title: 'What decides it' }],
      factors.map(({ title, level, findings: all }) => {
        const deciding = all.filter((each) => each.level === level && level !== 'ready');
        return [
          title,
          levelTag(level),
          deciding.map(({ message }) => message).join(' ') || 'All criteria are met.',
        ];
      }),
    ),
    figures([
      { name: 'Videos', value: sayCount(rows.good) },
      { name: 'Bad rows', value: sayCount(rows.bad) },
      { name: 'Clips to render', value: sayCount(clips.toRender), note: `of ${sayCount(clips.distinct)}` },
      { name: 'Time', value: time.seconds === 0 ? 'none' : sayTime(time.seconds) },
      ...(time.money === null
        ? []
        : [{ name: 'Cost', value: sayMoney(time.money.cost, time.money.currency) }]),
    ]),
  ]);
}

const byWhom = {
  setting: 'A setting of the campaign applies it.',
  file: 'A change of the file applies it.',
  designer: 'The designer applies it.',
  none: undefined,
} as const;

const adviceTones = {
  personalize: 'plain',
  customize: 'plain',
  'let-viewer-choose': 'care',
  'leave-out': 'care',
} as const;

function recommendations(advice: Advice, applying: string | undefined): Markup {
  const { apply } = advice;
  return section('What to do with each field', [
    table(
      'Recommendations',
      [{ title: 'Field' }, { title: 'Advice' }, { title: 'Why' }],
      groupAlike(advice).map(({ label, advice: what, reason, apply: by }) => [
        label,
        tag(adviceWords[what], adviceTones[what]),
        withNote(reason, byWhom[by]),
      ]),
    ),
    ...(apply === null
      ? applying === undefined
        ? []
        : [paragraph('The command that orders the campaign:'), command(applying)]
      : [
          paragraph(`Applied as a setting of the campaign: ${sayApplied(advice)}.`),
          command(applying ?? `coarser: ${apply.coarser.join(', ')}`),
        ]),
  ]);
}

function data({ data: { fields, fallbacks } }: Advice): readonly Markup[] {
  const drawn = fields.filter(({ scenes, column }) => scenes.length > 0 || column !== null);
  const filled = (share: number): Markup =>
    meter(share, sayShare(share), tones[levelAbove(share, limits['fields-filled'])]);
  return [
    table(
      'Fields',
      [
        { title: 'Field' },
        { title: 'Column' },
        { title: 'Filled' },
        { title: 'Usable' },
        end('Different values'),
        end('Doubtful'),
        end('Seen as words'),
      ],
      drawn.map(({ label, column, filled: share, usable, distinct, doubtful, fallback }) => [
        label,
        column ?? '–',
        filled(share),
        filled(usable),
        `${distinct.exact ? '' : 'about '}${sayCount(distinct.values)}`,
        sayCount(doubtful),
        sayCount(fallback.noticed),
      ]),
    ),
    ...datesTable(drawn),
    ...(fallbacks.viewers === 0
      ? []
      : [
          paragraph(
            `Rows whose viewers see general words in place of a missing value: ${fallbacks.firstRows.slice(0, 30).join(', ')}${fallbacks.viewers > 30 ? ' …' : ''}`,
          ),
        ]),
  ];
}

function datesTable(fields: Advice['data']['fields']): readonly Markup[] {
  const dated = fields.flatMap(({ label, dates }) => (dates === null ? [] : [{ label, ...dates }]));
  if (dated.length === 0) return [];
  return [
    subheading('Freshness'),
    table(
      'Dates',
      [{ title: 'Field' }, { title: 'Earliest' }, { title: 'Latest' }, end('Make no sense')],
      dated.map(({ label, oldest, newest, unlikely }) => [
        label,
        oldest ?? '–',
        newest ?? '–',
        sayCount(unlikely),
      ]),
    ),
  ];
}

function content({ content: { segments, clips }, rows, clips: { distinct } }: Advice): readonly Markup[] {
  return [
    figures([
      { name: 'Clips in each video', value: String(clips.shown) },
      { name: 'Of these, personal', value: String(clips.personal) },
      { name: 'Shared clips', value: sayCount(clips.shared) },
      { name: 'Clips for each person', value: String(clips.perPerson), note: `${sayCount(distinct)} in all` },
    ]),
    ...(segments.length === 0
      ? []
      : [
          table(
            'Audience segments',
            [
              { title: 'Audience segment' },
              { title: 'People' },
              end('Shared clips they see'),
              end('Seen by them alone'),
              { title: 'Scenes of their own' },
            ],
            segments.map(({ segment, rows: people, variants, own }) => [
              segment,
              bar(people, rows.good, sayCount(people)),
              sayCount(variants),
              sayCount(own.clips),
              own.nodes.join(', ') || '–',
            ]),
          ),
        ]),
  ];
}

function privacy({ privacy: { fields, seenBy, retention, consents, leaves } }: Advice): readonly Markup[] {
  return [
    ...(fields.length === 0
      ? []
      : [
          table(
            'Personal fields',
            [{ title: 'Personal field' }, { title: 'Scenes' }, { title: 'Viewers can' }],
            fields.map(({ label, scenes, correct, withhold }) => [
              label,
              scenes.join(', ') || 'none: it steers the story or the link',
              [...(correct ? ['correct it'] : []), ...(withhold ? ['withhold it'] : [])].join(', ') ||
                'neither',
            ]),
          ),
        ]),
    subheading('Who sees them'),
    list(seenBy),
    subheading('How long'),
    list(retention.map(({ what, until }) => `${what}: ${until}.`)),
    ...(consents.length === 0
      ? []
      : [subheading('For what viewers are asked'), list(consents.map(({ purpose }) => purpose))]),
    subheading('What leaves the system'),
    list(leaves),
  ];
}

function resources({
  resources: { speed, roles, keys, workers, parallelClips, cores },
}: Advice): readonly Markup[] {
  return [
    figures([
      {
        name: 'Workers',
        value: sayCount(workers.counted),
        note: `${sayCount(parallelClips)} clips at a time each`,
      },
      { name: 'Cores here', value: sayCount(cores) },
      { name: 'API keys', value: sayCount(keys) },
    ]),
    ...(speed.every(({ framesPerSecond }) => framesPerSecond === null)
      ? []
      : [
          table(
            'Speed',
            [{ title: 'Scene' }, end('Frames a second'), { title: 'Known by' }],
            speed.map(({ scene, framesPerSecond, basis }) => [
              scene,
              framesPerSecond === null ? '–' : framesPerSecond.toFixed(1),
              basis,
            ]),
          ),
        ]),
    ...(keys === 0
      ? []
      : [
          table(
            'Roles',
            [{ title: 'Role' }, end('Keys'), { title: 'Names' }],
            roles.map(({ scope, keys: count, names }) => [scope, sayCount(count), names?.join(', ') ?? '']),
          ),
        ]),
  ];
}

function spending({ budget, cost, currency }: NonNullable<Advice['time']['money']>): readonly Markup[] {
  if (budget === null) return [];
  const share = budget === 0 ? (cost === 0 ? 0 : Infinity) : cost / budget;
  const words = `${sayMoney(cost, currency)} of ${sayMoney(budget, currency)}`;
  return [meter(Math.min(1, share), words, tones[levelBelow(share, limits['money-to-spare'])])];
}

function time({
  time: { workerHours, coreHours, by, money, seconds, finishedAt, basis },
}: Advice): readonly Markup[] {
  const workers = by?.workers ?? null;
  return [
    figures([
      { name: 'Time', value: seconds === 0 ? 'none' : sayTime(seconds), note: basis },
      { name: 'Worker-hours', value: sayHours(workerHours) },
      { name: 'Core-hours', value: sayHours(coreHours) },
      ...(workers === null ? [] : [{ name: 'Workers for the date', value: sayCount(workers) }]),
    ]),
    paragraph(
      `If it starts now, all clips are rendered by ${finishedAt.slice(0, 16).replace('T', ' ')} (UTC).`,
    ),
    ...(money === null ? [] : spending(money)),
  ];
}

const details = { data, content, privacy, resources, time } as const satisfies Readonly<
  Record<Factor['factor'], (advice: Advice) => readonly Markup[]>
>;

/**
 * Advice as one HTML file, without script and without anything from elsewhere.
 *
 * @param applying the command that applies it.
 */
export function advicePage(advice: Advice, applying?: string): string {
  const { template, format, quality, asOf, input, level, factors } = advice;
  return document({
    title: `Are we ready? ${levelWords[level]}.`,
    subtitle: `${levelMeanings[level]} ${input.fileName} with ${template} · ${format} · ${quality} · for ${asOf}`,
    body: [
      summary(advice),
      recommendations(advice, applying),
      ...factors.map((factor) =>
        section(factor.title, [findings(factor), ...details[factor.factor](advice)], levelTag(factor.level)),
      ),
    ],
    footer: [
      'Nothing was rendered or ordered for this page. Savings were counted by planning every row with the change; time is an estimate.',
      'docs/readiness.md has the criteria of each level.',
    ],
  });
}

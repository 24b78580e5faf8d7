import {
  bar,
  document,
  figures,
  meter,
  paragraph,
  section,
  subheading,
  table,
  tag,
  type TableColumn,
  type Tone,
  withNote,
} from '../documents/document.ts';
import { markup, type Markup } from '../documents/html.ts';
import { sayCount, sayMany } from '../documents/say.ts';
import { drawSeconds, drawWays } from './draw-ways.ts';
import { nameClips } from './name-clips.ts';
import type { CampaignReport } from './report-schema.ts';

type Watching = CampaignReport['watching'];
type Named = CampaignReport['segments'][number]['conversions'][number];

const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const money = new Intl.NumberFormat('en', { maximumFractionDigits: 2, minimumFractionDigits: 2 });

const sayShare = (share: number): string => `${significant.format(100 * share)} %`;
const signOf = (change: number): string => (change < 0 ? '−' : '+');
const sayChange = (share: number): string => `${signOf(share)}${sayShare(Math.abs(share))}`;
const moneyChange = (amount: number): string => `${signOf(amount)}${money.format(Math.abs(amount))}`;
const shareOf = (part: number, all: number): number => (all === 0 ? 0 : part / all);

const end = (title: string): TableColumn => ({ title, align: 'end' });

const verdicts = {
  more: ['More with a video', 'good'],
  fewer: ['Fewer with a video', 'bad'],
  unclear: ['No difference shown', 'plain'],
  'too-early': ['Too early to say', 'care'],
  'too-few': ['Fewer conversions than planned', 'care'],
  'not-planned': ['Not as planned', 'care'],
  'no-control-group': ['Nothing to compare with', 'plain'],
} as const satisfies Record<Named['verdict'], readonly [string, Tone]>;

const sayRate = ({ rate, converted }: Named['sent']): Markup =>
  withNote(sayShare(rate), sayMany(converted, 'customer'));

function sayLift({ lift }: Pick<Named, 'lift'>): Markup | string {
  if (lift === null) return '';
  const to = lift.to === null ? 'or more' : `to ${sayChange(lift.to)}`;
  const estimate = lift.estimate === null ? '–' : sayChange(lift.estimate);
  return withNote(estimate, `${sayChange(lift.from)} ${to}`);
}

const rateColumns = [end('With a video'), end('Held out'), end('Lift'), { title: 'Result' }] as const;

const rateCells = (named: Named): readonly (string | Markup)[] => {
  const { planned, verdict } = named;
  const missing =
    verdict === 'too-few' && planned !== null
      ? `${sayMany(planned.missing, 'conversion')} of the control group missing`
      : undefined;
  return [
    sayRate(named.sent),
    named.heldOut === null ? '' : sayRate(named.heldOut),
    sayLift(named),
    markup`${tag(verdicts[verdict][0], verdicts[verdict][1])}${missing === undefined ? undefined : markup`<small>${missing}</small>`}`,
  ];
};

/** Which intervals these are, and what was planned. */
function explain({ complete, heldOut, until, days, measure, conversions }: CampaignReport): string {
  if (heldOut === 0) return 'Without a control group nothing can be compared.';
  const planned =
    measure === null
      ? `Conversions count for ${sayMany(days, 'day')}, until ${until.slice(0, 10)}.`
      : `The order planned ${sayMany(measure.days, 'day')}; conversions count for ${sayMany(days, 'day')}, until ${until.slice(0, 10)}.`;
  const isWide = conversions.some(({ intervals }) => intervals === 'always-valid');
  const kind = isWide
    ? 'The intervals are wider, so that they hold however often you look.'
    : 'Intervals are of 95 %: in 95 of 100 such campaigns the true value is within.';
  return [planned, ...(complete ? [] : ['There is no verdict before that day.']), kind].join(' ');
}

function values({ conversions }: CampaignReport): readonly Markup[] {
  const rows = conversions.flatMap(({ name, values: all }) =>
    all.map(({ currency, sent, heldOut: beside, difference, interval }) => [
      `${name}, ${currency}`,
      money.format(sent.mean),
      money.format(beside.mean),
      moneyChange(difference),
      interval === null ? 'too few' : `${moneyChange(interval.from)} to ${moneyChange(interval.to)}`,
    ]),
  );
  if (rows.length === 0) return [];
  const columns = [end('With a video'), end('Held out'), end('Difference'), end('Interval')];
  return [table('Value for each customer', [{ title: 'Value of each customer' }, ...columns], rows)];
}

function comparedVariants({ variantConversions }: CampaignReport): readonly Markup[] {
  const rows = variantConversions.flatMap(({ name, rates, comparisons }) => {
    const rate = (wanted: string): string | Markup => {
      const found = rates.find(({ variant }) => variant === wanted);
      return found === undefined ? '' : sayRate(found);
    };
    return comparisons.map((pair) => [
      `${pair.variant} against ${pair.against}`,
      name,
      ...[rate(pair.variant), rate(pair.against), sayLift(pair)],
      tag(...variantVerdict(pair.verdict, pair.variant)),
    ]);
  });
  if (rows.length === 0) return [];
  const columns = [{ title: 'Conversion' }, end('First'), end('Second'), end('Lift'), { title: 'Result' }];
  return [subheading('By variant'), table('Variants', [{ title: 'Variants' }, ...columns], rows)];
}

/** In words that name the variant. */
function variantVerdict(verdict: Named['verdict'], variant: string): [string, Tone] {
  if (verdict === 'more') return [`More with ${variant}`, 'good'];
  if (verdict === 'fewer') return [`Fewer with ${variant}`, 'good'];
  return [verdicts[verdict][0], verdicts[verdict][1]];
}

/** What holds for the intervals of several segments, or of several pairs of variants; `undefined` of one. */
export function sayWider({ segments, variants }: CampaignReport): string | undefined {
  const together = [
    ...(segments.length > 1 ? ['segments'] : []),
    ...(variants.length > 2 ? ['variants'] : []),
  ];
  if (together.length === 0) return undefined;
  return `The intervals of ${together.join(', and those of ')} are wider, so that all of them hold together.`;
}

function effect(report: CampaignReport): Markup {
  const { conversions, segments } = report;
  if (conversions.length === 0) {
    const how = 'No conversions are known yet. `bespoke conversions import` reads them from a file.';
    return section('Did it work?', [paragraph(how)]);
  }
  const wider = sayWider(report);
  const bySegment = segments.flatMap(({ segment, conversions: all }) =>
    all.map((named) => [segment, named.name, ...rateCells(named)]),
  );
  return section('Did it work?', [
    table(
      'Conversions with a video and held out',
      [{ title: 'Conversion' }, ...rateColumns],
      conversions.map((named) => [named.name, ...rateCells(named)]),
    ),
    ...values(report),
    paragraph(explain(report)),
    ...(bySegment.length === 0
      ? []
      : [
          subheading('By audience segment'),
          table(
            'Conversions by audience segment',
            [{ title: 'Audience segment' }, { title: 'Conversion' }, ...rateColumns],
            bySegment,
          ),
        ]),
    ...comparedVariants(report),
    ...(wider === undefined ? [] : [paragraph(wider)]),
  ]);
}

const funnel = [
  ['opened', 'Opened the page'],
  ['started', 'Started the film'],
  ['watched25', 'Saw 25 %'],
  ['watched50', 'Saw 50 %'],
  ['watched75', 'Saw 75 %'],
  ['watched95', 'Saw 95 %'],
  ['ended', 'Came to the end'],
  ['chose', 'Chose something'],
  ['answered', 'Answered a question'],
  ['linkShown', 'Saw a call to action'],
  ['linkFollowed', 'Followed it'],
  ['returned', 'Came back'],
  ['shared', 'Shared it'],
] as const;

function reach({ watching, sent }: CampaignReport): Markup {
  const { viewers, withVideo, guests, notCounted } = watching;
  const gone = withVideo - sent;
  const machines = notCounted.machines.reduce((sum, { pages }) => sum + pages, 0);
  const apart = [
    ...(gone <= 0
      ? []
      : [`Also counted: ${sayMany(gone, 'customer')} erased since, or whose video was deleted.`]),
    ...(guests.opened === 0
      ? []
      : [`${sayMany(guests.opened, 'guest')} watched by links that customers shared.`]),
    ...(notCounted.unconfirmed + machines === 0
      ? []
      : [
          `Not counted: ${sayMany(notCounted.unconfirmed, 'page')} that nobody touched, such as by scanners of mails, and ${sayCount(machines)} that machines opened.`,
        ]),
  ];
  return section('How far did they come?', [
    table(
      'Steps of viewers',
      [{ title: 'Step' }, end('Customers'), { title: 'Of those who had a video' }],
      funnel
        .filter(([step]) => viewers[step] > 0 || step === 'opened' || step === 'started')
        .map(([step, name]) => [
          name,
          sayCount(viewers[step]),
          meter(shareOf(viewers[step], withVideo), sayShare(shareOf(viewers[step], withVideo)), 'plain'),
        ]),
    ),
    ...apart.map(paragraph),
  ]);
}

const groups = [
  ['segments', 'Audience segment'],
  ['variants', 'Variant'],
  ['devices', 'Device'],
  ['formats', 'Format'],
  ['days', 'First opened on'],
] as const;

function groupTables({ watching, viewers }: CampaignReport): readonly Markup[] {
  const tables = groups.flatMap(([group, title]) => {
    const all = watching[group];
    if (all.length === 0 || (all.length === 1 && group !== 'segments' && group !== 'variants')) return [];
    const largest = Math.max(...all.map(({ opened }) => opened));
    const did = group === 'devices' || group === 'days' ? viewers[group] : [];
    const conversions = did[0]?.conversions.map((each) => each.name) ?? [];
    return [
      subheading(title),
      table(
        title,
        [
          { title },
          { title: 'Opened' },
          end('Started'),
          end('Saw 50 %'),
          end('Chose'),
          end('Followed'),
          end('Seen on average'),
          ...conversions.map(end),
        ],
        all.map(({ name, averageShare, ...steps }) => [
          name,
          bar(steps.opened, largest, sayCount(steps.opened)),
          ...[steps.started, steps.watched50, steps.chose, steps.linkFollowed].map(sayCount),
          averageShare === null ? '' : sayShare(averageShare),
          ...conversions.map((each) => {
            const found = did.find((viewer) => viewer.name === name)?.conversions;
            return sayCount(found?.find((conversion) => conversion.name === each)?.converted ?? 0);
          }),
        ]),
      ),
    ];
  });
  return tables.length === 0 ? [] : [section('Who watched?', tables)];
}

const mostClips = 12;

function scenes({ scenes: all }: Watching): readonly Markup[] {
  if (all.length === 0) return [];
  const compared = all.filter(({ clips }) => clips.length > 1);
  const stays = (stayed: number, entered: number): Markup =>
    meter(shareOf(stayed, entered), sayShare(shareOf(stayed, entered)), 'plain');
  return [
    section('Which scenes keep them?', [
      table(
        'Scenes',
        [
          { title: 'Scene' },
          end('Entered'),
          { title: 'Stayed' },
          end('Left here'),
          { title: 'Second by second' },
        ],
        all.map(({ node, entered, stayed, left, seconds }) => [
          node,
          sayCount(entered),
          stays(stayed, entered),
          sayCount(left),
          drawSeconds(seconds) ?? '',
        ]),
      ),
      ...compared.flatMap(({ node, clips }) => [
        subheading(`What “${node}” shows`),
        table(
          `Clips of ${node}`,
          [{ title: 'Clip' }, end('Entered'), { title: 'Stayed' }],
          nameClips(clips)
            .flatMap((name, index) => ({ name, ...(clips[index] ?? { entered: 0, stayed: 0 }) }))
            .toSorted((one, other) => other.entered - one.entered)
            .slice(0, mostClips)
            .map(({ name, entered, stayed }) => [name, sayCount(entered), stays(stayed, entered)]),
        ),
      ]),
    ]),
  ];
}

const ways = { viewer: '', timer: 'when the time was over', default: 'by default', skip: 'skipped' } as const;

function story(watching: Watching): readonly Markup[] {
  const picture = drawWays(watching);
  if (picture === undefined) return [];
  const decisions = watching.decisions.flatMap(({ node, offered, medianSeconds, ways: taken }) =>
    taken
      .toSorted((one, other) => other.first - one.first)
      .map(({ choice, by, first, later }) => [
        node,
        withNote(choice ?? 'answer', ways[by] === '' ? undefined : ways[by]),
        sayCount(first),
        meter(shareOf(first, offered), sayShare(shareOf(first, offered)), 'plain'),
        sayCount(later),
        medianSeconds === null ? '' : `${medianSeconds} s`,
      ]),
  );
  return [
    section('Which ways did they take?', [
      picture,
      ...(decisions.length === 0
        ? []
        : [
            table(
              'Decisions',
              [
                { title: 'Decision' },
                { title: 'Taken' },
                end('Customers'),
                { title: 'Of those asked' },
                end('Again'),
                end('Half decided within'),
              ],
              decisions,
            ),
          ]),
      table(
        'Ways between scenes',
        [{ title: 'From' }, { title: 'To' }, end('Customers'), end('Again')],
        watching.ways.map(({ from, to, first, later }) => [
          from,
          to ?? 'the end',
          sayCount(first),
          sayCount(later),
        ]),
      ),
    ]),
  ];
}

/** A report as one HTML file that can be mailed: nothing in it names a customer, and it loads nothing. */
export function reportPage(report: CampaignReport, now: Date): string {
  const { template, from, sent, heldOut, watching } = report;
  const { viewers, withVideo } = watching;
  const opened = shareOf(viewers.opened, withVideo);
  return document({
    title: `Campaign “${template}”`,
    subtitle: `Ordered on ${from.slice(0, 10)}. As of ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
    body: [
      section('At a glance', [
        figures([
          { name: 'With a video', value: sayCount(sent) },
          ...(heldOut === 0 ? [] : [{ name: 'Held out', value: sayCount(heldOut) }]),
          { name: 'Opened', value: sayShare(opened), note: sayCount(viewers.opened) },
          ...(viewers.averageShare === null
            ? []
            : [
                {
                  name: 'Seen on average',
                  value: sayShare(viewers.averageShare),
                  note: 'of those who started',
                },
              ]),
          ...(viewers.linkShown === 0
            ? []
            : [
                {
                  name: 'Followed the link',
                  value: sayShare(shareOf(viewers.linkFollowed, viewers.linkShown)),
                  note: 'of those who saw it',
                },
              ]),
        ]),
      ]),
      effect(report),
      reach(report),
      ...groupTables(report),
      ...scenes(watching),
      ...story(watching),
    ],
    footer: [
      `Campaign ${report.campaign}.`,
      'Each customer counts once. Pages that machines opened, or that nobody touched, move no figure.',
    ],
  });
}

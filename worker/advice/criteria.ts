import type { FactorName, Level } from './advice-schema.ts';

/** What is judged, in words for people: what each level means. `docs/readiness.md` shows this table. */
interface Criterion {
  readonly factor: FactorName;
  readonly about: string;
  readonly ready: string;
  readonly care: string;
  readonly notYet: string;
}

const never = '–';

/** Limits of the criteria that are shares of rows or videos. The words below repeat them. */
export const limits = {
  'rows-usable': { ready: 0.98, care: 0.9 },
  'fields-filled': { ready: 0.95, care: 0.8 },
  'fallbacks-noticed': { ready: 0.05, care: 0.2 },
  'values-doubtful': { ready: 0.01, care: 0.1 },
  'dates-fresh': { ready: 0.01, care: 0.1 },
  'segments-own': { ready: 0, care: 0.2 },
  'nodes-reached': { ready: 0, care: 0.5 },
  'time-to-spare': { ready: 0.8, care: 1 },
  'money-to-spare': { ready: 0.8, care: 1 },
} as const satisfies Readonly<Record<string, { readonly ready: number; readonly care: number }>>;

/** Every criterion, by its permanent name. */
export const criteria = {
  'rows-usable': {
    factor: 'data',
    about: 'Rows that become videos',
    ready: 'At least 98 %.',
    care: 'At least 90 %.',
    notYet: 'Fewer, or none.',
  },
  'fields-filled': {
    factor: 'data',
    about: 'Rows in which a field that a scene shows has a value that can be used; the worst field counts',
    ready: 'At least 95 %.',
    care: 'At least 80 %, or the scenes work without the field.',
    notYet: 'Fewer.',
  },
  'fallbacks-noticed': {
    factor: 'data',
    about: 'Viewers who see general words in place of a missing value in their film, such as “your city”',
    ready: 'At most 5 %.',
    care: 'At most 20 %.',
    notYet: 'More.',
  },
  'pictures-known': {
    factor: 'data',
    about: 'Pictures that the rows name',
    ready: 'All were looked at.',
    care: 'Some were not looked at yet.',
    notYet: never,
  },
  'values-doubtful': {
    factor: 'data',
    about: 'Rows with a value that is accepted and doubtful, such as NULL as a name; the worst field counts',
    ready: 'At most 1 %.',
    care: 'At most 10 %.',
    notYet: 'More.',
  },
  'values-differ': {
    factor: 'data',
    about: 'Personal fields that hold the same value in every row',
    ready: 'None.',
    care: 'One or more.',
    notYet: never,
  },
  'dates-fresh': {
    factor: 'data',
    about: 'Dates that make no sense on the day of the campaign, such as a renewal that is over',
    ready: 'At most 1 % of the rows, and the newest past date is at most a year old.',
    care: 'At most 10 %, or the newest past date is older than a year.',
    notYet: 'More.',
  },
  'segments-own': {
    factor: 'content',
    about: 'People whose audience segment has no content of its own in the story',
    ready: 'None, or the template has no audience segments.',
    care: 'At most 20 %.',
    notYet: 'More.',
  },
  'segments-occur': {
    factor: 'content',
    about: 'Audience segments, and values of choices, that no row of the file has',
    ready: 'None.',
    care: 'Some: their content was made for nobody in this file.',
    notYet: 'No audience segment occurs.',
  },
  'nodes-reached': {
    factor: 'content',
    about: 'Nodes of the story that nobody comes to',
    ready: 'None.',
    care: 'At most half.',
    notYet: 'More than half.',
  },
  'viewers-decide': {
    factor: 'privacy',
    about: 'Personal fields in the film that viewers can neither correct nor withhold',
    ready: 'None.',
    care: 'Some.',
    notYet: 'All of them.',
  },
  'people-found': {
    factor: 'privacy',
    about: 'Whether the file has ids of your customers, by which their data is exported and erased',
    ready: 'It has.',
    care: 'It has not: each video is found by its own id only.',
    notYet: never,
  },
  'data-needed': {
    factor: 'privacy',
    about: 'Columns that the video does not use',
    ready: 'None.',
    care: 'Some: they are uploaded and kept for nothing.',
    notYet: never,
  },
  'data-leaves': {
    factor: 'privacy',
    about: 'Personal values in the address behind a button',
    ready: 'None.',
    care: 'Some: the site behind it, its logs and its statistics see them.',
    notYet: never,
  },
  'links-end': {
    factor: 'privacy',
    about: 'How long links work',
    ready: 'At most a year.',
    care: 'Longer.',
    notYet: never,
  },
  'parts-work': {
    factor: 'resources',
    about: 'Queue, database, store and browser',
    ready: 'All work.',
    care: never,
    notYet: 'One does not answer.',
  },
  'workers-run': {
    factor: 'resources',
    about: 'Workers',
    ready: 'At least one runs, or this machine renders itself.',
    care: never,
    notYet: 'None runs.',
  },
  'memory-free': {
    factor: 'resources',
    about: 'Memory of the machine that answers',
    ready: '700 MB or more for each clip that is rendered at the same time.',
    care: 'Less.',
    notYet: never,
  },
  'speed-measured': {
    factor: 'resources',
    about: 'Whether the speed of the scenes is known',
    ready: 'It was measured on earlier renders.',
    care: 'It is assumed: render ten rows first.',
    notYet: never,
  },
  'roles-divided': {
    factor: 'resources',
    about: 'Who may do what on a server',
    ready: 'Not every API key is an admin, or there are no keys.',
    care: 'All API keys are admins.',
    notYet: never,
  },
  'time-to-spare': {
    factor: 'time',
    about: 'The estimated time, against the date (`--by`)',
    ready: 'It takes at most 80 % of the time that is left, or no date was named.',
    care: 'It takes less than the time that is left.',
    notYet: 'It takes more.',
  },
  'money-to-spare': {
    factor: 'time',
    about: 'The cost of the worker-hours (`--hour-price`), against the budget (`--budget`)',
    ready: 'It takes at most 80 % of the budget, or none was named.',
    care: 'It takes at most the budget.',
    notYet: 'It takes more.',
  },
} as const satisfies Readonly<Record<string, Criterion>>;

export type CriterionName = keyof typeof criteria;

/** Titles of the factors, in the order in which they are shown. */
export const factorTitles = {
  data: 'Data capture',
  content: 'Content volume',
  privacy: 'Privacy',
  resources: 'Resources',
  time: 'Time and budget',
} as const satisfies Readonly<Record<FactorName, string>>;

/** The level of a share of which less is better. */
export const levelBelow = (
  value: number,
  { ready, care }: { readonly ready: number; readonly care: number },
): Level => (value <= ready ? 'ready' : value <= care ? 'with-care' : 'not-yet');

/** The level of a share of which more is better. */
export const levelAbove = (
  value: number,
  { ready, care }: { readonly ready: number; readonly care: number },
): Level => (value >= ready ? 'ready' : value >= care ? 'with-care' : 'not-yet');

const order: readonly Level[] = ['ready', 'with-care', 'not-yet'];

/** The worst of some levels; of none it is `ready`. */
export const worstOf = (levels: readonly Level[]): Level =>
  order[Math.max(0, ...levels.map((level) => order.indexOf(level)))] ?? 'ready';

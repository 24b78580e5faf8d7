import type { Template } from '../../video/story/template.ts';
import type { Advice, Factor, FactorName, Finding, Level } from './advice-schema.ts';
import { factorNames } from './advice-schema.ts';
import type { NamesUsed } from '../people/known-view.ts';
import { factorTitles, levelAbove, levelBelow, limits, worstOf, type CriterionName } from './criteria.ts';
import { personalInAddresses } from './describe-privacy.ts';
import { sayCount, sayList, sayMany, sayMoney, sayShare, sayTime } from './words.ts';

/** What the five factors are judged by. */
export type Facts = Pick<
  Advice,
  'asOf' | 'input' | 'rows' | 'pictures' | 'data' | 'content' | 'privacy' | 'resources' | 'time'
> & {
  readonly template: Template;
  /** What its story reads. */
  readonly used: NamesUsed;
  readonly linkDays: number;
  /** What was asked for as `by`, as a person reads it. */
  readonly byWords: string | undefined;
};

const finding = (
  criterion: CriterionName,
  level: Level,
  message: string,
  remedy: string | null = null,
): Finding => ({ criterion, level, message, remedy: level === 'ready' ? null : remedy });

/** Fields that viewers see drawn. */
const drawnFields = ({ fields }: Advice['data']) =>
  fields.filter(({ kind, scenes }) => scenes.length > 0 && kind !== 'locale' && kind !== 'link');

const lowest = <T>(all: readonly T[], value: (each: T) => number): T | undefined =>
  all.toSorted((a, b) => value(a) - value(b))[0];

function judgeRows({ rows }: Facts): Finding {
  const all = rows.good + rows.bad;
  const share = all === 0 ? 0 : rows.good / all;
  return finding(
    'rows-usable',
    levelAbove(share, limits['rows-usable']),
    all === 0
      ? 'The file has no rows that could become videos.'
      : rows.bad === 0
        ? `All ${sayMany(all, 'row')} become videos.`
        : `${sayCount(rows.good)} of ${sayMany(all, 'row')} become videos; ${sayMany(rows.bad, 'row fails', 'rows fail')}.`,
    '`bespoke plan` names each bad row and what is wrong with it.',
  );
}

function judgeFilling({ data }: Facts): readonly Finding[] {
  const drawn = drawnFields(data);
  const poor = drawn.filter(({ usable }) => usable < limits['fields-filled'].ready);
  if (poor.length === 0) {
    const worst = lowest(drawn, ({ usable }) => usable);
    const message =
      worst === undefined
        ? 'The scenes show no field.'
        : `Every field that a scene shows is usable in ${sayShare(worst.usable)} of the rows or more.`;
    return [finding('fields-filled', 'ready', message)];
  }
  return poor.map(({ label, column, filled, usable, optional }) =>
    finding(
      'fields-filled',
      optional ? 'with-care' : levelAbove(usable, limits['fields-filled']),
      column === null
        ? `${label} has no column.`
        : filled === 0
          ? `${label} is empty in every row.`
          : filled === usable
            ? `${label} is filled in ${sayShare(filled)} of the rows.`
            : `${label} is filled in ${sayShare(filled)} of the rows and usable in ${sayShare(usable)}.`,
      column === null
        ? 'Map a column to it, or leave the field out.'
        : 'Complete the column, or leave the field out.',
    ),
  );
}

function judgeFallbacks({ data: { fallbacks }, rows: { good } }: Facts): Finding {
  const { viewers, firstRows } = fallbacks;
  const share = good === 0 ? 0 : viewers / good;
  const shown = sayList(firstRows.map(String), 'and', 5);
  return finding(
    'fallbacks-noticed',
    levelBelow(share, limits['fallbacks-noticed']),
    viewers === 0
      ? 'No viewer sees words in place of a value.'
      : `${sayMany(viewers, 'viewer')} of ${sayCount(good)} would see words in place of a value: row${firstRows.length === 1 ? '' : 's'} ${viewers > firstRows.length ? `${sayList(firstRows.slice(0, 5).map(String))} …` : shown}.`,
    'Look at them with `bespoke stills --row`, and complete the rows or leave the field out.',
  );
}

function judgeDoubts({ data }: Facts): Finding {
  // Days are judged by what they are for.
  const doubts = data.fields.map(({ label, doubtful, dates }) => ({
    label,
    doubtful: doubtful - (dates?.unlikely ?? 0),
  }));
  const [worst] = doubts.toSorted((a, b) => b.doubtful - a.doubtful);
  if (worst === undefined || worst.doubtful === 0) {
    return finding('values-doubtful', 'ready', 'No value is doubtful; dates are judged by themselves.');
  }
  const share = worst.doubtful / data.rows;
  return finding(
    'values-doubtful',
    levelBelow(share, limits['values-doubtful']),
    `${worst.label} holds a doubtful value in ${sayMany(worst.doubtful, 'row')} (${sayShare(share)}).`,
    '`bespoke plan` shows them. If they are meant: --accept. To fail their rows: --strict.',
  );
}

function judgeSpread({ data }: Facts): Finding {
  const same = drawnFields(data).filter(
    ({ personal, only, usable }) => personal && only !== null && data.rows > 1 && usable > 0.5,
  );
  const [first] = same;
  if (first === undefined)
    return finding('values-differ', 'ready', 'Every personal field tells people apart.');
  return finding(
    'values-differ',
    'with-care',
    same.length === 1
      ? `${first.label} is “${first.only ?? ''}” in every row: it says nothing about the viewer.`
      : `${sayList(same.map(({ label }) => label))} are the same in every row: they say nothing about the viewer.`,
    'Check the export. If it is right, leave the field out.',
  );
}

function judgePictures({ pictures: { distinct, looked } }: Facts): Finding {
  return finding(
    'pictures-known',
    looked < distinct ? 'with-care' : 'ready',
    distinct === 0
      ? 'The rows name no pictures.'
      : looked < distinct
        ? `${sayCount(looked)} of ${sayMany(distinct, 'picture')} were looked at.`
        : `All ${sayMany(distinct, 'picture')} were looked at.`,
    'Ask again without --no-pictures: each time, more of them are looked at.',
  );
}

const yearMs = 366 * 86_400_000;

function judgeDates({ data, asOf }: Facts): readonly Finding[] {
  const dated = data.fields.flatMap(({ label, dates, scenes }) =>
    dates === null || dates.newest === null ? [] : [{ label, scenes, ...dates, newest: dates.newest }],
  );
  const remedy = 'Export the file again, or set the day of the campaign with --as-of.';
  const findings = dated.flatMap(({ label, unlikely, newest }): readonly Finding[] => {
    const share = unlikely / data.rows;
    if (unlikely > 0) {
      const message = `${label} makes no sense for ${asOf} in ${sayMany(unlikely, 'row')} (${sayShare(share)}).`;
      return [finding('dates-fresh', levelBelow(share, limits['dates-fresh']), message, remedy)];
    }
    if (Date.parse(asOf) - Date.parse(newest) <= yearMs) return [];
    return [
      finding('dates-fresh', 'with-care', `The newest ${label} is ${newest}: the file may be old.`, remedy),
    ];
  });
  if (findings.length > 0) return findings;
  const message =
    dated.length === 0
      ? 'The file has no dates.'
      : `The dates are fresh: the newest ${dated.map(({ label, newest }) => `${label} is ${newest}`).join(', the newest ')}.`;
  return [finding('dates-fresh', 'ready', message)];
}

function judgeOwnContent({ content: { segments }, rows }: Facts): Finding {
  const occurring = segments.filter((each) => each.rows > 0);
  // Where everybody is in one, there is nobody whose content could differ.
  const compared = occurring.filter((each) => each.rows < rows.good);
  const without = compared.filter(({ own }) => own.clips === 0 && own.nodes.length === 0);
  const people = Math.max(0, ...without.map((each) => each.rows));
  const level = levelBelow(rows.good === 0 ? 0 : people / rows.good, limits['segments-own']);
  const say = (message: string): Finding =>
    finding(
      'segments-own',
      level,
      message,
      'Ask the designer for a scene or words of their own, or remove the audience segment.',
    );
  if (segments.length === 0) {
    return say('The template has no audience segments: all differences come from the fields.');
  }
  if (without.length > 0) {
    const named = without.map(
      ({ segment, rows: count }) => `${segment} (${sayMany(count, 'person', 'people')})`,
    );
    const [have, their] = without.length === 1 ? ['has', 'its'] : ['have', 'their'];
    return say(`${sayList(named)} ${have} no content of ${their} own: its people see what others see.`);
  }
  if (occurring.length === 0) return say('Nobody is in an audience segment.');
  if (compared.length === 0) {
    return say(`Everybody is in ${sayList(occurring.map(({ segment }) => segment))}: nothing differs by it.`);
  }
  return say(
    compared.length === 1
      ? `The audience segment ${compared[0]?.segment ?? ''} has content of its own.`
      : `Each of the ${sayCount(compared.length)} audience segments that occur has content of its own.`,
  );
}

function judgeOccurrence({ content: { segments, unusedValues } }: Facts): Finding {
  const empty = segments.filter((each) => each.rows === 0).map(({ segment }) => segment);
  const sentences = [
    ...(empty.length > 0
      ? [`Nobody is in the audience segment${empty.length === 1 ? '' : 's'} ${sayList(empty, 'or')}.`]
      : []),
    ...unusedValues.map(
      ({ label, values }) => `No row has the ${label.toLowerCase()} ${sayList(values, 'or')}.`,
    ),
  ];
  const level =
    sentences.length === 0
      ? 'ready'
      : segments.length > 0 && empty.length === segments.length
        ? 'not-yet'
        : 'with-care';
  return finding(
    'segments-occur',
    level,
    sentences.length === 0
      ? 'Every audience segment and every value of a choice occurs.'
      : sentences.join(' '),
    'Check whether the export is complete. If it is, their content needs no work.',
  );
}

function judgeNodes({ content: { unreached }, template }: Facts): Finding {
  const all = Object.values(template.story.nodes).filter((node) => 'scene' in node).length;
  return finding(
    'nodes-reached',
    levelBelow(all === 0 ? 0 : unreached.length / all, limits['nodes-reached']),
    unreached.length === 0
      ? 'Somebody comes to every node of the story.'
      : `Nobody comes to ${sayList(unreached)}.`,
    'It is content without an audience in this file.',
  );
}

function judgePrivacy({ privacy, input, template, used, linkDays, data }: Facts): readonly Finding[] {
  const fixed = privacy.fields.filter(
    ({ correct, withhold, scenes }) => !correct && !withhold && scenes.length > 0,
  );
  const unused = [
    ...input.unusedColumns.filter((column) => column.trim() !== ''),
    ...data.fields.flatMap(({ column, scenes, field }) =>
      column !== null && scenes.length === 0 && !used.has(field) ? [column] : [],
    ),
  ];
  const leaving = personalInAddresses(template);
  return [
    finding(
      'viewers-decide',
      fixed.length === 0 ? 'ready' : fixed.length === privacy.fields.length ? 'not-yet' : 'with-care',
      fixed.length === 0
        ? privacy.fields.length === 0
          ? 'The film shows nothing personal.'
          : `Viewers can correct or withhold each of the ${sayMany(privacy.fields.length, 'personal field')}.`
        : `Viewers can neither correct nor withhold ${sayList(fixed.map(({ label }) => label))}.`,
      'Ask the designer to make the field optional, or to give it a fallback.',
    ),
    finding(
      'people-found',
      input.idColumn === undefined ? 'with-care' : 'ready',
      input.idColumn === undefined
        ? 'The file has no ids: you cannot find, export or erase a customer by your own id.'
        : `${input.idColumn} names the customer, for exporting and erasing.`,
      'Add an id column, or name it with --id.',
    ),
    finding(
      'data-needed',
      unused.length === 0 ? 'ready' : 'with-care',
      unused.length === 0
        ? 'Every column of the file is used.'
        : `The video does not use ${sayMany(unused.length, 'column')}: ${sayList(unused)}.`,
      'Remove from the file what the video does not use, before you upload it.',
    ),
    finding(
      'data-leaves',
      leaving.length === 0 ? 'ready' : 'with-care',
      leaving.length === 0
        ? 'The address behind the button carries nothing personal.'
        : `The address behind the button carries ${sayList(leaving)}.`,
      'Ask the designer to take it out of the link’s parameters.',
    ),
    finding(
      'links-end',
      linkDays <= 366 ? 'ready' : 'with-care',
      `Links end ${sayMany(linkDays, 'day')} after the video is done.`,
      'Lower BESPOKE_LINK_DAYS, or run `bespoke links expire` for the campaign.',
    ),
  ];
}

const perClipBytes = 700e6;

function judgeResources({ resources }: Facts): readonly Finding[] {
  const { parts, workers, memory, parallelClips, speed, roles, keys } = resources;
  const away = Object.entries(parts).flatMap(([part, state]) => (state === 'ok' ? [] : [part]));
  const needed = parallelClips * perClipBytes;
  const assumed = speed.filter(({ basis }) => basis === 'assumed').map(({ scene }) => scene);
  const admins = roles.find(({ scope }) => scope === 'admin')?.keys ?? 0;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  return [
    finding(
      'parts-work',
      away.length === 0 ? 'ready' : 'not-yet',
      away.length === 0
        ? `${sayList(Object.keys(parts))} work.`
        : `${sayList(away)} ${away.length === 1 ? 'does' : 'do'} not answer.`,
      'Run `bespoke doctor`.',
    ),
    finding(
      'workers-run',
      workers.counted > 0 ? 'ready' : 'not-yet',
      workers.running > 0
        ? `${sayMany(workers.running, 'worker runs', 'workers run')}, with ${sayMany(parallelClips, 'clip')} at a time.`
        : workers.counted > 0
          ? `This machine renders: ${sayMany(resources.cores, 'core')}, ${sayMany(parallelClips, 'clip')} at a time.`
          : 'No worker runs.',
      'Start one: `bespoke worker`.',
    ),
    finding(
      'memory-free',
      memory.available >= needed ? 'ready' : 'with-care',
      `${gigabytes(memory.available)} of memory are free; ${sayMany(parallelClips, 'clip')} at a time need ${gigabytes(needed)}.`,
      'Close other programs or lower BESPOKE_CONCURRENCY.',
    ),
    finding(
      'speed-measured',
      assumed.length === 0 ? 'ready' : 'with-care',
      speed.length === 0
        ? 'Every clip is stored already.'
        : assumed.length === 0
          ? 'The speed of every scene was measured on earlier renders.'
          : `The speed of ${sayList(assumed)} is assumed: nothing of this kind was rendered here before.`,
      'Render ten rows in this format and quality: `bespoke batch … --limit 10`. Then ask again.',
    ),
    finding(
      'roles-divided',
      keys > 0 && keys === admins ? 'with-care' : 'ready',
      keys === 0
        ? 'There are no API keys: only the user of this machine can order and read.'
        : `${sayMany(keys, 'API key')} in use: ${roles.map((each) => `${each.keys} ${each.scope}`).join(', ')}.`,
      'Give each program a key of its own with fewer rights: `bespoke keys create --scope`.',
    ),
  ];
}

function judgeTime({ time, resources, byWords, rows }: Facts): readonly Finding[] {
  const { by, money, seconds, coreHours } = time;
  const about = seconds === 0 ? 'nothing is left to render' : `about ${sayTime(seconds)}`;
  const what = `${sayMany(rows.good, 'video')}: ${about}${seconds === 0 ? '' : `, ${hoursWords(coreHours)}`}`;
  const workers = sayMany(resources.workers.counted, 'worker');
  const left = by === null ? 0 : (Date.parse(by.at) - Date.parse(time.finishedAt)) / 1000 + seconds;
  const share = seconds === 0 ? 0 : left <= 0 ? Infinity : seconds / left;
  const timed =
    by === null
      ? finding('time-to-spare', 'ready', `${what} with ${workers}. No date was named (--by).`)
      : finding(
          'time-to-spare',
          levelBelow(share, limits['time-to-spare']),
          by.workers === null
            ? `${byWords ?? by.at} is over. ${what} with ${workers}.`
            : `All links by ${byWords ?? by.at} ${by.workers === 1 ? 'need 1 worker' : `need ${sayCount(by.workers)} workers`} like this one; the forecast counts with ${sayCount(resources.workers.counted)}. ${what} with ${workers}.`,
          by.workers === null
            ? 'Name a later date.'
            : 'Start more workers, begin earlier, take a smaller quality, or show less that is personal.',
        );
  if (money === null) return [timed];
  const { cost, budget, currency, hourPrice } = money;
  const price = `${sayMoney(cost, currency)} at ${sayMoney(hourPrice, currency)} for an hour of a worker`;
  return [
    timed,
    budget === null
      ? finding('money-to-spare', 'ready', `It costs ${price}. No budget was named (--budget).`)
      : finding(
          'money-to-spare',
          levelBelow(budget === 0 ? (cost === 0 ? 0 : Infinity) : cost / budget, limits['money-to-spare']),
          `It costs ${price}, of a budget of ${sayMoney(budget, currency)}.`,
          'Take a smaller quality, fewer rows, or show less that is personal.',
        ),
  ];
}

const hoursWords = (hours: number): string =>
  hours < 0.1 ? 'a few core-minutes' : `${hours >= 10 ? sayCount(hours) : hours.toFixed(1)} core-hours`;

const judges = {
  data: (facts) => [
    judgeRows(facts),
    ...judgeFilling(facts),
    judgeFallbacks(facts),
    judgePictures(facts),
    judgeDoubts(facts),
    judgeSpread(facts),
    ...judgeDates(facts),
  ],
  content: (facts) => [judgeOwnContent(facts), judgeOccurrence(facts), judgeNodes(facts)],
  privacy: judgePrivacy,
  resources: judgeResources,
  time: judgeTime,
} as const satisfies Readonly<Record<FactorName, (facts: Facts) => readonly Finding[]>>;

/** Judges each of the five factors by its criteria. A factor is as ready as the worst of its findings. */
export const judgeFactors = (facts: Facts): Factor[] =>
  factorNames.map((factor) => {
    const findings = judges[factor](facts);
    const level = worstOf(findings.map((each) => each.level));
    return { factor, title: factorTitles[factor], level, findings: [...findings] };
  });

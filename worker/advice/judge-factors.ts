import { type Factor, type FactorName, factorNames, type Finding } from './advice-schema.ts';
import { factorTitles, levelBelow, limits, worstOf } from './criteria.ts';
import { personalInAddresses } from './describe-privacy.ts';
import { finding, type Facts } from './facts.ts';
import { judgeData } from './judge-data.ts';
import { sayCount, sayHours, sayList, sayMany, sayMoney, sayTime } from './words.ts';

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
    return say(`${sayList(named)} ${have} no content of ${their} own: ${their} people see what others see.`);
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
      ? 'Every node of the story has viewers in this file.'
      : `Nobody comes to the node${unreached.length === 1 ? '' : 's'} ${sayList(unreached)}.`,
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
        : `The column ${input.idColumn} holds your ids of the customers, by which their data can be exported and erased.`,
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

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

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
        ? `${capital(sayList(Object.keys(parts)))} work.`
        : `${capital(sayList(away))} ${away.length === 1 ? 'does' : 'do'} not answer.`,
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
        : `${sayMany(keys, 'API key')} in use, with the scopes: ${sayList(roles.flatMap((each) => (each.keys > 0 ? [`${each.scope} (${sayCount(each.keys)})`] : [])))}.`,
      'Give each program a key of its own with fewer rights: `bespoke keys create --scope`.',
    ),
  ];
}

/** `44 videos take about 4 minutes (0.1 core-hours)`. */
function sayDuration({ rows, time: { seconds, coreHours } }: Facts): string {
  const videos = sayMany(rows.good, 'video');
  if (seconds === 0) return `${videos}: every clip is stored already`;
  const hours = coreHours < 0.1 ? 'a few core-minutes' : `${sayHours(coreHours)} core-hours`;
  return `${videos} ${rows.good === 1 ? 'takes' : 'take'} about ${sayTime(seconds)} (${hours})`;
}

function judgeDate(facts: Facts): Finding {
  const { by, seconds, finishedAt } = facts.time;
  const { counted } = facts.resources.workers;
  const duration = sayDuration(facts);
  const workers = sayMany(counted, 'worker');
  if (by === null) {
    const message = `${duration}, with ${workers}. No date was named (--by).`;
    return finding('time-to-spare', 'ready', message);
  }
  const words = facts.byWords ?? by.at;
  const left = (Date.parse(by.at) - Date.parse(finishedAt)) / 1000 + seconds;
  const share = seconds === 0 ? 0 : left <= 0 ? Infinity : seconds / left;
  const level = levelBelow(share, limits['time-to-spare']);
  if (by.workers === null) {
    const message = `${words} is over. ${duration}, with ${workers}.`;
    return finding('time-to-spare', level, message, 'Name a later date.');
  }
  const needed = by.workers === 1 ? '1 worker' : `${sayCount(by.workers)} workers like this one`;
  const there = counted === 1 ? 'there is 1. With it' : `there are ${sayCount(counted)}. With them`;
  return finding(
    'time-to-spare',
    level,
    `All videos by ${words} need ${needed}; ${there}: ${duration}.`,
    'Start more workers, begin earlier, take a smaller quality, or show less that is personal.',
  );
}

function judgeMoney({ time: { money } }: Facts): readonly Finding[] {
  if (money === null) return [];
  const { cost, budget, currency, hourPrice } = money;
  const price = `${sayMoney(cost, currency)}, at ${sayMoney(hourPrice, currency)} for each worker-hour`;
  if (budget === null) {
    return [finding('money-to-spare', 'ready', `It costs ${price}. No budget was named (--budget).`)];
  }
  const share = budget === 0 ? (cost === 0 ? 0 : Infinity) : cost / budget;
  const message = `It costs ${price}. The budget is ${sayMoney(budget, currency)}.`;
  const remedy = 'Take a smaller quality, fewer rows, or show less that is personal.';
  return [finding('money-to-spare', levelBelow(share, limits['money-to-spare']), message, remedy)];
}

const judges = {
  data: judgeData,
  content: (facts) => [judgeOwnContent(facts), judgeOccurrence(facts), judgeNodes(facts)],
  privacy: judgePrivacy,
  resources: judgeResources,
  time: (facts) => [judgeDate(facts), ...judgeMoney(facts)],
} as const satisfies Readonly<Record<FactorName, (facts: Facts) => readonly Finding[]>>;

/** Judges each of the five factors by its criteria. A factor is as ready as the worst of its findings. */
export const judgeFactors = (facts: Facts): Factor[] =>
  factorNames.map((factor) => {
    const findings = judges[factor](facts);
    const level = worstOf(findings.map((each) => each.level));
    return { factor, title: factorTitles[factor], level, findings: [...findings] };
  });

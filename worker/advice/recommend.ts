import { type Field, isFetched } from '../../data/record.ts';
import { isPersonalBinding } from '../../video/story/bind.ts';
import { hasView, viewsOf } from '../../video/story/engine/graph.ts';
import type { Template } from '../../video/story/template.ts';
import { canWithhold, type NamesUsed, readable } from '../people/known-view.ts';
import type { Advice, DataField, Recommendation, Saving } from './advice-schema.ts';
import { sayHours, sayMany, sayMoney, sayShare } from './words.ts';

/** A field that fewer rows than these have is not worth a scene. */
const worthShowing = 0.5;
/** A setting that saves less than this share of the frames is not worth saying less. */
const worthSaving = 0.05;

/** What recommendations are made from. */
export interface RecommendFacts {
  readonly template: Template;
  readonly used: NamesUsed;
  readonly fields: readonly DataField[];
  /** Rows that would become videos, and frames to render for them. */
  readonly rows: number;
  readonly frames: number;
  /** By field that can be shown coarser: what that saves. */
  readonly coarser: ReadonlyMap<string, Saving>;
  /** By field: what leaving it out saves. */
  readonly without: ReadonlyMap<string, Saving>;
  /** Whether date and budget are met as it is. */
  readonly fits: boolean;
}

type Said = Pick<Recommendation, 'advice' | 'reason' | 'apply'> &
  Partial<Pick<Recommendation, 'saving' | 'coarser'>>;

/** `9,412 clips and 31 core-hours fewer`. */
function saySaving({ clips, coreHours }: Saving): string {
  const hours = coreHours >= 0.05 ? ` and ${sayHours(coreHours)} core-hours` : '';
  return clips < 0 ? `${sayMany(-clips, 'clip')} more` : `${sayMany(clips, 'clip')}${hours} fewer`;
}

/** Whether some scene shows a field itself, or a fact that says something about one person. */
function isShownPersonally(template: Template, name: string): boolean {
  const from = [
    name,
    ...Object.entries(template.facts).flatMap(([fact, { from: sources }]) =>
      sources.some((source) => source === name) ? [fact] : [],
    ),
  ];
  return Object.entries(template.story.nodes).some(
    ([id, node]) =>
      hasView(node) &&
      viewsOf(template.story, id).some(({ inputs }) =>
        Object.values(inputs).some(
          (binding) => 'var' in binding && from.includes(binding.var) && isPersonalBinding(template, binding),
        ),
      ),
  );
}

/** Of a field that the template requires and has other words for. */
const howToLeaveOut = 'take its column out of the file, and write emptyAs: fallback in the mapping.';

/** A field of which too few rows have a value that can be used; `undefined` where enough have one. */
function adviseOnGaps(data: DataField, field: Field, { without }: RecommendFacts): Said | undefined {
  const { usable, column, filled } = data;
  if (usable >= worthShowing) return undefined;
  const has =
    column === null
      ? 'No column fills it'
      : usable > 0
        ? `Only ${sayShare(usable)} of the rows have it`
        : filled > 0
          ? 'No row has a value that can be used'
          : 'No row has it';
  if (field.kind === 'link' || field.kind === 'locale') return undefined;
  if (field.kind === 'choice' || field.kind === 'boolean') {
    const { enum: values } = field.jsonSchema as { readonly enum?: readonly unknown[] };
    const count = field.kind === 'boolean' ? 2 : values?.length;
    const answers = count === undefined ? '' : ` with ${sayMany(count, 'answer')}`;
    const reason = `${has}. A question in the film${answers} asks the viewer instead.`;
    return { advice: 'let-viewer-choose', reason, apply: 'designer' };
  }
  if (!canWithhold(field)) {
    return {
      advice: 'personalize',
      reason: `${has}, and the template requires it: those rows fail. Complete the column first.`,
      apply: 'file',
    };
  }
  if (data.optional && usable > 0) {
    const reason = `${has}; the film works without it for the others.`;
    return { advice: 'personalize', reason, apply: 'none' };
  }
  const { shown } = data.fallback;
  const instead = shown === null ? nothingOf(field) : `“${shown}”`;
  const saving = without.get(data.field) ?? null;
  const saved = saving === null || saving.clips === 0 ? '' : ` Without it: ${saySaving(saving)}.`;
  const others = usable > 0 ? 'the other' : 'all';
  const then = data.required
    ? `${others} rows fail. To leave it out: ${howToLeaveOut} Viewers then see ${instead}.`
    : `${usable > 0 ? 'the other viewers' : 'every viewer'} would see ${instead}.`;
  const reason = `${has}; ${then}${saved}`;
  return { advice: 'leave-out', reason, saving, apply: column === null ? 'designer' : 'file' };
}

function adviseOnCoarser(data: DataField, facts: RecommendFacts): Said | undefined {
  const { template, rows, frames, fits } = facts;
  const instead = template.coarser?.[data.field];
  if (instead === undefined) return undefined;
  const shown = `the ${readable(instead).toLowerCase()}`;
  if (template.coarsened?.includes(data.field) === true) {
    const reason = `The film shows ${shown} in its place already.`;
    return { advice: 'customize', reason, coarser: instead, apply: 'none' };
  }
  const saving = facts.coarser.get(data.field);
  if (saving === undefined) return undefined;
  const share = frames === 0 ? 0 : saving.frames / frames;
  if (saving.clips > 0 && (share >= worthSaving || !fits)) {
    const reason = `With ${shown} in its place: ${saySaving(saving)}. Viewers share clips, and nobody sees another’s ${data.label.toLowerCase()}.`;
    return { advice: 'customize', reason, saving, coarser: instead, apply: 'setting' };
  }
  const little = saving.clips > 0 ? `only ${saySaving(saving)}` : 'not one clip fewer';
  const reason = `With ${shown} in its place: ${little} for ${sayMany(rows, 'video')}. Show the value itself.`;
  return { advice: 'personalize', reason, saving, coarser: instead, apply: 'none' };
}

/** A personal field that holds the same in every row. */
function adviseOnSame(only: string, data: DataField, field: Field, saving: Saving | undefined): Said {
  const same = `Every row has “${only}”: it says nothing about the viewer. Check the export.`;
  if (!canWithhold(field)) {
    const reason = `${same} If it is right, ask the designer: the template requires the column.`;
    return { advice: 'leave-out', reason, apply: 'designer' };
  }
  const reason = data.required ? `${same} If it is right: ${howToLeaveOut}` : same;
  return { advice: 'leave-out', reason, saving: saving ?? null, apply: 'file' };
}

function adviseOn(data: DataField, field: Field, facts: RecommendFacts): Said {
  const { template, used, fits } = facts;
  const { distinct, only, usable } = data;
  if (!used.has(data.field)) {
    const reason = 'The story does not use it. Leave its column out of the file.';
    return { advice: 'leave-out', reason, apply: data.column === null ? 'none' : 'file' };
  }
  if (field.kind === 'link') {
    const reason = 'The button leads each customer to their own address, or to that of the template.';
    return { advice: 'personalize', reason, apply: 'none' };
  }
  const gaps = adviseOnGaps(data, field, facts);
  if (gaps !== undefined) return gaps;
  const coarser = adviseOnCoarser(data, facts);
  if (coarser !== undefined) return coarser;
  const count = `${distinct.exact ? '' : 'about '}${sayMany(distinct.values, 'value')}`;
  if (distinct.values === 0 && data.fallback.shown !== null) {
    const reason = `No row has it: everyone gets “${data.fallback.shown}”.`;
    return { advice: 'customize', reason, apply: 'none' };
  }
  if (only !== null && facts.rows > 1) {
    return field.personal
      ? adviseOnSame(only, data, field, facts.without.get(data.field))
      : { advice: 'customize', reason: 'One value for everyone: one version of its clips.', apply: 'none' };
  }
  if (field.kind === 'locale') {
    const reason = `${count}. Dates and numbers are written by it: people with the same value share clips.`;
    return { advice: 'customize', reason, apply: 'none' };
  }
  if (!field.personal || !isShownPersonally(template, data.field)) {
    const reason = field.personal
      ? 'Only the group that follows from it is shown: people of a group share its clips.'
      : `${count}, not about one person: people with the same value share its clips.`;
    return { advice: 'customize', reason, apply: 'none' };
  }
  const certain = `${count}, usable in ${sayShare(usable)} of the rows: each viewer sees their own.`;
  if (fits) return { advice: 'personalize', reason: certain, apply: 'none' };
  const [toSave, apply] = isFetched(field)
    ? (['leave its column out', 'file'] as const)
    : (['ask the designer for something that says less in its place', 'designer'] as const);
  return { advice: 'personalize', reason: `${certain} To save time or money, ${toSave}.`, apply };
}

const nothingOf = ({ kind }: Field): string =>
  kind === 'image' ? 'no picture' : kind === 'audio' ? 'no recording' : 'no value';

/** Says for each field what to do with it, in the template's order. */
export function recommend(facts: RecommendFacts): Recommendation[] {
  return facts.fields.flatMap((data) => {
    const field = facts.template.record[data.field];
    if (field === undefined) return [];
    const said = adviseOn(data, field, facts);
    return [{ field: data.field, label: data.label, saving: null, coarser: null, ...said }];
  });
}

/** Fields of which leaving them out may be recommended: what that saves is worth counting. */
export const mayBeLeftOut = (template: Template, fields: readonly DataField[]): readonly string[] =>
  fields.flatMap(({ field: name, usable, filled, only, scenes, personal, kind, optional }) => {
    const field = template.record[name];
    if (field === undefined || scenes.length === 0 || filled === 0 || !canWithhold(field)) return [];
    const hasGaps = usable < worthShowing && kind !== 'choice' && kind !== 'boolean' && !optional;
    return hasGaps || (personal && only !== null) ? [name] : [];
  });

/** `9,412 clips and 31 core-hours fewer. Then the date needs 2 workers, and it costs 9.60 EUR`. */
export function sayApplied({ apply, time }: Pick<Advice, 'apply' | 'time'>): string {
  if (apply === null) return '';
  const { saving, workers, cost } = apply;
  const then = [
    ...(workers === null ? [] : [`the date needs ${sayMany(workers, 'worker')}`]),
    ...(cost === null ? [] : [`it costs ${sayMoney(cost, time.money?.currency ?? null)}`]),
  ];
  return then.length === 0 ? saySaving(saving) : `${saySaving(saving)}. Then ${then.join(', and ')}`;
}

/** A recommendation for a field, or for several in a row. */
type GroupedRecommendation = Pick<Recommendation, 'label' | 'advice' | 'reason' | 'apply'>;

/** So many fields in a row of one scene, such as the months of a year, are one line. */
const fewestAlike = 3;

/** Recommendations for people: fields in a row that are shown together and get the same advice are one. */
export function groupAlike({
  recommendations,
  data: { fields },
}: Pick<Advice, 'recommendations' | 'data'>): readonly GroupedRecommendation[] {
  const scenesOf = new Map(fields.map(({ field, scenes }) => [field, scenes.join(' ')]));
  const kindOf = ({ field, advice, apply, saving, reason }: Recommendation): string | undefined => {
    const scenes = scenesOf.get(field) ?? '';
    if (saving !== null || scenes === '') return undefined;
    return [advice, scenes, apply === 'none' ? '' : reason].join(' ');
  };
  const groups: Recommendation[][] = [];
  for (const each of recommendations) {
    const group = groups.at(-1);
    const [first] = group ?? [];
    const kind = kindOf(each);
    if (group !== undefined && first !== undefined && kind !== undefined && kindOf(first) === kind) {
      group.push(each);
    } else groups.push([each]);
  }
  return groups.flatMap((group) => {
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined || group.length < fewestAlike) return group;
    const together = `${sayMany(group.length, 'field')} that are shown together`;
    const reason =
      first.apply !== 'none'
        ? first.reason
        : first.advice === 'personalize'
          ? `${together}: each viewer sees their own values.`
          : `${together}: people with the same values share clips.`;
    return [{ label: `${first.label} to ${last.label}`, advice: first.advice, reason, apply: first.apply }];
  });
}

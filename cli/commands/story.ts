import path from 'node:path';
import pMap from 'p-map';
import { mkdir, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { today } from '../../data/check-record.ts';
import { hasCode } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import type { ClipProbe } from '../../video/story/check/check-clips.ts';
import { checkStory, type Customer, type StoryCheck } from '../../video/story/check/check-story.ts';
import type { Finding } from '../../video/story/check/finding.ts';
import type { Format } from '../../video/story/format.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import { storySchema } from '../../video/story/story-schema.ts';
import { tryTemplate } from '../../video/story/template-code.ts';
import type { Template } from '../../video/story/template.ts';
import { probeParameters } from '../../worker/adapters/media/join-clips.ts';
import { undrawnConstants } from '../../worker/adapters/render/undrawn-constants.ts';
import { storageError } from '../../worker/adapters/store/storage-error.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import { withStandingCuts } from '../../worker/core/cuts.ts';
import { createPlanContext } from '../../worker/core/plan-context.ts';
import { createPlanner } from '../../worker/core/plan-render.ts';
import { qualities, type Quality } from '../../worker/core/campaigns.ts';
import { namesRemote, parseRemote, sayLocal } from '../client/remote.ts';
import { type CommandContext, exitCodes } from '../context.ts';
import type { DrawnTemplate } from '../draw-story.ts';
import { withPipeline } from '../engines.ts';
import { chooseTemplate, type Csv, inputResult, openCsv, sayInput, type TableFlags } from '../input.ts';
import type { StoryCheckResult, StoryGraphResult } from '../json-results.ts';
import { countOf, formatCount, formatTable, labelled, typedPath } from '../layout.ts';
import { type Paint, plain, type Terminal, wrapWords } from '../terminal.ts';

/** The flags of `bespoke story check`, parsed. */
export interface StoryCheckFlags extends TableFlags {
  readonly csv?: string;
  readonly walks?: number;
  readonly seed?: number;
  readonly stored?: boolean;
}

interface Rows {
  good: number;
  bad: number;
}

/** Valid rows; all are counted. */
async function* customersOf(csv: Csv, rows: Rows): AsyncGenerator<Customer> {
  for await (const { id, check } of csv.rows()) {
    rows[check.ok ? 'good' : 'bad'] += 1;
    if (check.ok) yield { id, record: check.record };
  }
}

const resultOf = (check: StoryCheck): Pick<StoryCheckResult, 'findings' | 'search' | 'walks' | 'clips'> => ({
  findings: check.findings.map(({ node = null, choice = null, customers = [], ...rest }) => ({
    ...rest,
    node,
    choice,
    customers: [...customers],
  })),
  search: check.search,
  walks: { ...check.walks, hits: { ...check.walks.hits } },
  clips: check.clips.map(({ perCustomer = null, total = null, ...rest }) => ({
    ...rest,
    perCustomer,
    total,
  })),
});

/**
 * Checks a template's story. Renders nothing.
 *
 * @returns 1 when there are errors.
 */
export async function runStoryCheckCommand(
  context: CommandContext,
  id: string,
  flags: StoryCheckFlags,
): Promise<number> {
  const { deployment, terminal } = context;
  if (flags.stored === true && namesRemote(context)) throw errors.storedElsewhere();
  sayLocal(context, 'The story is checked in the templates of this machine.');
  const registry = await deployment.loadRegistry();
  const entry = chooseTemplate(registry, id);
  const { template } = entry;
  const { csv, walks, seed, asOf = today() } = flags;
  const rows: Rows = { good: 0, bad: 0 };
  const input = csv === undefined ? undefined : await openCsv(context, csv, entry, flags);
  if (input !== undefined) sayInput(terminal, input.reading, input.joined);
  const clips =
    flags.stored === true
      ? await withPipeline(context, registry, {}, ({ pipeline }) => probeStored(pipeline, entry, asOf)).catch(
          (error: unknown) => {
            if (!hasCode(error, 'workspace-held')) throw error;
            throw errors.storedHeld({ held: error.message }, { cause: error });
          },
        )
      : undefined;
  if (clips !== undefined) terminal.say(`  ${countOf(clips.length, 'stored clip')} checked.`);
  const check = await checkStory(template, {
    asOf,
    ...(walks !== undefined && { walks }),
    ...(seed !== undefined && { seed }),
    ...(clips !== undefined && { clips }),
    undrawn: await undrawnConstants(entry),
    ...(input !== undefined && { customers: customersOf(input, rows) }),
  });
  const { result, paintResult } = terminal;
  result(`${describeSearch(template, check, input === undefined ? undefined : rows, paintResult)}\n`);
  result(`${formatNodes(template, check, paintResult)}\n`);
  result(formatFindings(check.findings, terminal));
  terminal.json({
    template: template.id,
    asOf,
    input: csv === undefined || input === undefined ? null : { ...inputResult(csv, input.reading), rows },
    ...resultOf(check),
  } satisfies StoryCheckResult);
  return check.findings.some(({ severity }) => severity === 'error') ? exitCodes.errorsFound : exitCodes.ok;
}

/** The extent of the check. */
function describeSearch(
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
function formatNodes({ story }: Template, { walks, clips, customers }: StoryCheck, paint: Paint): string {
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
function formatFindings(findings: readonly Finding[], terminal: Terminal): string {
  if (findings.length === 0) return `  ${terminal.paintResult.green('No problems found.')}`;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const sum = `${countOf(errors, 'error')}, ${countOf(findings.length - errors, 'warning')}`;
  return [...findings.map((each) => formatFinding(each, terminal)), `  ${sum}`].join('\n\n');
}

const atOnce = 4;

async function probeGroup(
  pipeline: Pipeline,
  found: RegistryEntry,
  format: Format,
  quality: Quality,
  asOf: string,
): Promise<readonly ClipProbe[]> {
  const entry = await withStandingCuts(pipeline, found);
  const { clips: clipTable, store, hmac } = pipeline;
  const context = await createPlanContext(pipeline, entry, { format, encoding: qualities[quality], asOf });
  const planner = createPlanner(context, hmac);
  const texts = Object.values(entry.template.fixtures).flatMap(({ record }) => {
    const said = tryTemplate(() => planner.texts(record, {}));
    return said.ok ? said.value : [];
  });
  await context.book?.learn(texts, { signal: new AbortController().signal, make: false });
  const fixtures = Object.values(entry.template.fixtures);
  const clips = new Map(
    fixtures.flatMap(({ record }) => {
      // The check itself reports errors of the template; here only its other clips matter.
      const plan = tryTemplate(() => planner.clips(record, {}));
      return plan.ok ? plan.value.clips.map((clip) => [clip.key, clip.scene] as const) : [];
    }),
  );
  const stored = await clipTable.stored([...clips.keys()]);
  return pMap(
    [...stored],
    async (key): Promise<ClipProbe> => ({
      scene: clips.get(key) ?? '',
      group: `${format}, ${quality}`,
      parameters: await probeParameters(await store.fetch('clips', `${key}.mp4`)),
    }),
    { concurrency: atOnce },
  );
}

/** Media parameters of the stored clips of the fixtures' videos, for each format and quality. */
async function probeStored(
  pipeline: Pipeline,
  entry: RegistryEntry,
  asOf: string,
): Promise<readonly ClipProbe[]> {
  const groups = entry.template.formats.flatMap((format) =>
    (Object.keys(qualities) as Quality[]).map((quality) => ({ format, quality })),
  );
  const probed: ClipProbe[] = [];
  for (const { format, quality } of groups) {
    probed.push(...(await probeGroup(pipeline, entry, format, quality, asOf)));
  }
  return probed;
}

/** The flags of `bespoke story graph`, parsed. */
export interface StoryGraphFlags {
  readonly out?: string;
}

/** A template of the deployment at BESPOKE_URL, or else of this machine. */
async function readStory(context: CommandContext, id: string): Promise<DrawnTemplate> {
  if (parseRemote(context.environment) === undefined) {
    return chooseTemplate(await context.deployment.loadRegistry(), id).template;
  }
  const { askClient } = await import('../client/with-client.ts');
  const { title, story } = await askClient(context, ({ client }, signal) =>
    client.getTemplate(id, { signal }),
  );
  const read = storySchema.safeParse(story);
  if (!read.success) throw errors.answerUnknown({ difference: z.prettifyError(read.error).slice(0, 300) });
  return { id, title, story: read.data };
}

/**
 * Draws a template's story as SVG.
 *
 * @returns 0.
 * @throws BespokeError `template-unknown`.
 */
export async function runStoryGraphCommand(
  context: CommandContext,
  id: string,
  flags: StoryGraphFlags,
): Promise<number> {
  const { terminal } = context;
  const template = await readStory(context, id);
  const file = path.resolve(flags.out ?? `${template.id}.svg`);
  const { drawStory } = await import('../draw-story.ts');
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, drawStory(template));
  } catch (error) {
    throw storageError(error, file);
  }
  terminal.result(typedPath(file));
  terminal.json({ template: template.id, file } satisfies StoryGraphResult);
  return exitCodes.ok;
}

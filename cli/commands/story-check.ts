import { readRows, type CustomerFile } from '../../data/csv/read-rows.ts';
import { checkStory, type Customer, type StoryCheck } from '../../video/story/check/check-story.ts';
import type { Registry, RegistryEntry } from '../../video/story/registry.ts';
import type { Template } from '../../video/story/template.ts';
import { checkRowGlyphs } from '../../worker/core/intake.ts';
import { inputResult, sayInput } from '../describe-input.ts';
import { describeInput } from '../../worker/campaigns/request.ts';
import { exitCodes } from '../exit-codes.ts';
import type { StoryCheckResult } from '../story/json-results.ts';
import { chooseTemplate } from '../options/choose-template.ts';
import { readOptions, requireFile, today, type CsvOptions } from '../options/csv-options.ts';
import type { Setting } from '../setting.ts';
import { countOf } from '../terminal/quantities.ts';
import { describeSearch, formatFindings, formatNodes } from '../story/describe-check.ts';

/** The flags of `bespoke story check`, parsed. */
export interface StoryCheckFlags extends Pick<CsvOptions, 'map' | 'id' | 'limit' | 'asOf'> {
  readonly csv?: string;
  readonly walks?: number;
  readonly seed?: number;
  readonly stored?: boolean;
}

interface Rows {
  good: number;
  bad: number;
}

/** Valid rows, as they will be rendered; the others are counted. */
async function* customersOf(input: CustomerFile, template: Template, rows: Rows): AsyncGenerator<Customer> {
  for await (const each of input.rows()) {
    const { check } = checkRowGlyphs(template, each);
    rows[check.ok ? 'good' : 'bad'] += 1;
    if (check.ok) yield { id: each.id, record: check.record };
  }
}

/** Stored clips of the workspace, which no other process may use at that time. */
async function probeOwn(setting: Setting, registry: Registry, entry: RegistryEntry, asOf: string) {
  const [{ withPipeline }, { probeStored }] = await Promise.all([
    import('../with-pipeline.ts'),
    import('../story/probe-stored.ts'),
  ]);
  return withPipeline(setting, registry, {}, ({ pipeline }) => probeStored(pipeline, entry, asOf));
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
  setting: Setting,
  id: string,
  flags: StoryCheckFlags,
): Promise<number> {
  const { deployment, terminal } = setting;
  const registry = await deployment.loadRegistry();
  const entry = chooseTemplate(registry, id);
  const { template } = entry;
  const { csv, walks, seed, asOf = today() } = flags;
  const rows: Rows = { good: 0, bad: 0 };
  let input: CustomerFile | undefined;
  if (csv !== undefined) {
    await requireFile(csv);
    input = await readRows(csv, readOptions(entry, flags));
    sayInput(terminal, csv, describeInput(csv, input));
  }
  const clips = flags.stored === true ? await probeOwn(setting, registry, entry, asOf) : undefined;
  if (clips !== undefined) terminal.say(`  ${countOf(clips.length, 'stored clip')} checked.`);
  const check = await checkStory(template, {
    asOf,
    ...(walks !== undefined && { walks }),
    ...(seed !== undefined && { seed }),
    ...(clips !== undefined && { clips }),
    ...(input !== undefined && { customers: customersOf(input, template, rows) }),
  });
  const { result, paintResult } = terminal;
  result(`${describeSearch(template, check, input === undefined ? undefined : rows, paintResult)}\n`);
  result(`${formatNodes(template, check, paintResult)}\n`);
  result(formatFindings(check.findings, terminal));
  terminal.json({
    template: template.id,
    asOf,
    input:
      csv === undefined || input === undefined
        ? null
        : { ...inputResult(csv, describeInput(csv, input)), rows },
    ...resultOf(check),
  } satisfies StoryCheckResult);
  return check.findings.some(({ severity }) => severity === 'error') ? exitCodes.errorsFound : exitCodes.ok;
}

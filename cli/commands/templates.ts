import pMap from 'p-map';
import { showValue } from '../../data/check-record.ts';
import { isMoney, writeMoney } from '../../data/parse-money.ts';
import { describeTemplate } from '../../worker/campaigns/describe-template.ts';
import { errors } from '../../errors/messages.ts';
import { brokenTemplateSchema, type DescribedTemplate } from '../../worker/campaigns/template-schema.ts';
import { sayCuts } from '../batch/summary.ts';
import { parseRemote } from '../client/remote.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import { chooseTemplate } from '../input.ts';
import { templateResult, type TemplatesResult } from '../json-results.ts';
import { formatTable, typedWord } from '../layout.ts';
import { plain, type Paint } from '../terminal.ts';

type Shown = Pick<
  DescribedTemplate,
  | 'id'
  | 'version'
  | 'title'
  | 'description'
  | 'formats'
  | 'fps'
  | 'durationInSeconds'
  | 'fields'
  | 'settings'
  | 'cuts'
>;

interface ReadTemplates {
  readonly templates: readonly Shown[];
  readonly broken: TemplatesResult['broken'];
}

/** All templates, or one: of the deployment at BESPOKE_URL, or else of this machine. */
async function readTemplates(context: CommandContext, id: string | undefined): Promise<ReadTemplates> {
  if (parseRemote(context.environment) === undefined) {
    const registry = await context.deployment.loadRegistry();
    if (id !== undefined) return { templates: [describeTemplate(chooseTemplate(registry, id))], broken: [] };
    return { templates: registry.map(describeTemplate), broken: [...(registry.broken ?? [])] };
  }
  const { askClient } = await import('../client/with-client.ts');
  return askClient(context, async ({ client }, signal) => {
    if (id !== undefined) return { templates: [await client.getTemplate(id, { signal })], broken: [] };
    const { templates, broken } = await client.listTemplates({ signal });
    const read = (each: { readonly id: string }) => client.getTemplate(each.id, { signal });
    return { templates: await pMap(templates, read, { concurrency: 4 }), broken };
  });
}

const resultOf = (template: Shown): TemplatesResult['templates'][number] =>
  templateResult.parse({ ...template, durationInSeconds: template.durationInSeconds.max });

function describeDuration({ min, max }: Shown['durationInSeconds']): string {
  const [shortest, longest] = [Math.round(min), Math.round(max)];
  return shortest === longest ? `about ${longest} s` : `${shortest} to ${longest} s`;
}

function emptyCell({ required, fallback }: Shown['fields'][number]): string {
  if (required) return 'refused';
  return fallback === null ? 'left out' : showValue(isMoney(fallback) ? writeMoney(fallback) : fallback);
}

function printTemplate(template: Shown, paint: Paint): string {
  const { id, title, description, durationInSeconds, fps, formats, fields, settings, cuts = [] } = template;
  const facts = [describeDuration(durationInSeconds), `${fps} frames/s`, formats.join('  ')].join(' · ');
  const table = formatTable(
    [{ title: 'field' }, { title: 'kind' }, { title: 'example' }, { title: 'when empty' }, { title: '' }],
    fields.map((field) => [
      field.name,
      field.kind,
      showValue(field.example),
      emptyCell(field),
      (field.personal ? 'personal' : paint.dim('shared')) +
        (field.coarser === undefined ? '' : `, or ${field.coarser} with --coarser`),
    ]),
    paint,
  );
  const set = settings.map(
    ({ name, label, example, fallback }) =>
      `  --set ${typedWord(`${name}=${showValue(isMoney(fallback) ? writeMoney(fallback) : (fallback ?? example))}`)}  ${paint.dim(fallback === null ? `${label}, for example` : label)}`,
  );
  const offered = set.length === 0 ? '' : `\n\nSettings of an order:\n${set.join('\n')}`;
  const proven = sayCuts(id, cuts).map((each) => `\n${each}`);
  return `${paint.bold(id)}  ${title}\n${description}\n${paint.dim(facts)}\n\n${table}${proven.join('')}${offered}`;
}

/**
 * Lists the templates, or one of them, with the fields of their records.
 *
 * @returns 0.
 * @throws BespokeError `template-unknown`.
 */
export async function runTemplatesCommand(context: CommandContext, id: string | undefined): Promise<number> {
  const { terminal } = context;
  const { templates, broken } = await readTemplates(context, id);
  const { paintResult: paint } = terminal;
  const shown = [
    ...templates.map((each) => printTemplate(each, paint)),
    ...broken.map((each) => paint.yellow(plain(errors.templateBroken(each).message))),
  ];
  terminal.result(shown.join('\n\n\n'));
  terminal.json({
    templates: templates.map(resultOf),
    broken: broken.map((each) => brokenTemplateSchema.parse(each)),
  } satisfies TemplatesResult);
  return exitCodes.ok;
}

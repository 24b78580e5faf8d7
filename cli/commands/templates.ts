import pMap from 'p-map';
import { describeTemplate } from '../../worker/campaigns/describe-template.ts';
import type { DescribedTemplate } from '../../worker/campaigns/template-schema.ts';
import { parseRemote } from '../client/remote.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import { chooseTemplate } from '../input.ts';
import { templateResult, type TemplatesResult } from '../json-results.ts';
import { formatTable } from '../layout.ts';
import type { Paint } from '../terminal.ts';

type Shown = Pick<
  DescribedTemplate,
  'id' | 'version' | 'title' | 'description' | 'formats' | 'fps' | 'durationInSeconds' | 'fields'
>;

/** All templates, or one: of the deployment at BESPOKE_URL, or else of this machine. */
async function readTemplates(context: CommandContext, id: string | undefined): Promise<readonly Shown[]> {
  if (parseRemote(context.environment) === undefined) {
    const registry = await context.deployment.loadRegistry();
    const entries = id === undefined ? registry : [chooseTemplate(registry, id)];
    return entries.map(describeTemplate);
  }
  const { askClient } = await import('../client/with-client.ts');
  return askClient(context, async ({ client }, signal) => {
    const ids = id === undefined ? (await client.listTemplates({ signal })).map((each) => each.id) : [id];
    return pMap(ids, (each) => client.getTemplate(each, { signal }), { concurrency: 4 });
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
  return fallback === null ? 'left out' : String(fallback);
}

function printTemplate(template: Shown, paint: Paint): string {
  const { id, title, description, durationInSeconds, fps, formats, fields } = template;
  const facts = [describeDuration(durationInSeconds), `${fps} frames/s`, formats.join('  ')].join(' · ');
  const table = formatTable(
    [{ title: 'field' }, { title: 'kind' }, { title: 'example' }, { title: 'when empty' }, { title: '' }],
    fields.map((field) => [
      field.name,
      field.kind,
      field.example,
      emptyCell(field),
      (field.personal ? 'personal' : paint.dim('shared')) +
        (field.coarser === undefined ? '' : `, or ${field.coarser} with --coarser`),
    ]),
    paint,
  );
  return `${paint.bold(id)}  ${title}\n${description}\n${paint.dim(facts)}\n\n${table}`;
}

/**
 * Lists the templates, or one of them, with the fields of their records.
 *
 * @returns 0.
 * @throws BespokeError `template-unknown`.
 */
export async function runTemplatesCommand(context: CommandContext, id: string | undefined): Promise<number> {
  const { terminal } = context;
  const templates = await readTemplates(context, id);
  terminal.result(templates.map((each) => printTemplate(each, terminal.paintResult)).join('\n\n\n'));
  terminal.json({ templates: templates.map(resultOf) } satisfies TemplatesResult);
  return exitCodes.ok;
}

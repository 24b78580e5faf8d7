import type { Field } from '../../data/record.ts';
import { formats } from '../../video/story/format.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import { bindPath } from '../../video/story/bind.ts';
import { pathDuration } from '../../video/story/path.ts';
import { tryTemplate } from '../../video/story/template-code.ts';
import { exitCodes } from '../exit-codes.ts';
import type { TemplatesResult } from '../json-results.ts';
import { chooseTemplate } from '../options/choose-template.ts';
import type { Setting } from '../setting.ts';
import type { Paint } from '../terminal/paint.ts';
import { formatTable } from '../terminal/table.ts';

type Described = TemplatesResult['templates'][number];

function describeTemplate({ template }: RegistryEntry): Described {
  const { id, version, title, description, fps } = template;
  const { record } = template.fixtures.typical;
  const path = tryTemplate(() => bindPath(template, record, {}, { asOf: '2026-01-01' }));
  return {
    id,
    version,
    title,
    description,
    formats: formats.filter((format) => template.formats.includes(format)),
    fps,
    durationInSeconds: path.ok ? pathDuration(path.value) / fps : 0,
    fields: Object.entries(template.record).map(([name, field]) => describeField(name, field)),
  };
}

function describeField(name: string, field: Field): Described['fields'][number] {
  const { label, kind, required, personal, example, fallback, aliases } = field;
  return {
    name,
    label,
    kind,
    required,
    personal,
    example,
    fallback: fallback ?? null,
    aliases: [...aliases],
  };
}

function emptyCell({ required, fallback }: Described['fields'][number]): string {
  if (required) return 'refused';
  return typeof fallback === 'string' || typeof fallback === 'number' ? String(fallback) : 'left out';
}

function printTemplate(template: Described, paint: Paint): string {
  const { id, title, description, durationInSeconds, fps, fields } = template;
  const facts = [
    `about ${Math.round(durationInSeconds)} s`,
    `${fps} frames/s`,
    template.formats.join('  '),
  ].join(' · ');
  const table = formatTable(
    [{ title: 'field' }, { title: 'kind' }, { title: 'example' }, { title: 'when empty' }, { title: '' }],
    fields.map((field) => [
      field.name,
      field.kind,
      field.example,
      emptyCell(field),
      field.personal ? 'personal' : paint.dim('shared'),
    ]),
    paint,
  );
  return `${paint.bold(id)}  ${title}\n${description}\n${paint.dim(facts)}\n\n${table}`;
}

/**
 * Lists the templates, or one of them, with the fields of their records.
 *
 * @throws BespokeError `template-unknown`.
 */
export async function runTemplatesCommand(
  { deployment, terminal }: Setting,
  id: string | undefined,
): Promise<number> {
  const registry = await deployment.loadRegistry();
  const entries = id === undefined ? registry : [chooseTemplate(registry, id)];
  const templates = entries.map(describeTemplate);
  terminal.result(templates.map((each) => printTemplate(each, terminal.paintResult)).join('\n\n\n'));
  terminal.json({ templates } satisfies TemplatesResult);
  return exitCodes.ok;
}

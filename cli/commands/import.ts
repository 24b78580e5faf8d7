import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errors } from '../../errors/messages.ts';
import { readProject, type ProjectComposition } from '../../worker/adapters/render/read-project.ts';
import { folderForTemplates } from '../../worker/adapters/templates/find-templates.ts';
import { workspaceAt } from '../../worker/adapters/workspace/workspace.ts';
import { parseConfig } from '../../worker/config.ts';
import { type CommandContext, exitCodes } from '../context.ts';
import { importTemplate, templateId, type ImportedTemplate } from '../import-template.ts';
import type { ImportResult } from '../json-results.ts';
import { countOf, formatTable, typedPath } from '../layout.ts';
import { plain } from '../terminal.ts';

/** The flags of `bespoke import`, parsed. */
export interface ImportCompositionOptions {
  /** Ids of compositions; none: only list them. */
  readonly composition?: readonly string[];
  /** The id of the template, for one composition. */
  readonly as?: string;
}

/** The folder that Remotion would serve as public: beside the nearest package.json. */
function publicFolderOf(root: string): string | undefined {
  for (let folder = path.dirname(root); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (!existsSync(path.join(folder, 'package.json'))) continue;
    const found = path.join(folder, 'public');
    return existsSync(found) ? found : undefined;
  }
  return undefined;
}

/** Writes a template's folder. */
async function writeTemplate(
  root: string,
  composition: ProjectComposition,
  folder: string,
): Promise<ImportedTemplate> {
  if (existsSync(folder)) throw errors.templateExists({ folder: typedPath(folder) });
  const template = importTemplate(composition, path.basename(folder), { root, folder });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'template.ts'), template.contract);
  await writeFile(path.join(folder, 'components.ts'), template.components);
  const assets = publicFolderOf(root);
  if (assets !== undefined) await symlink(path.relative(folder, assets), path.join(folder, 'public'));
  return template;
}

function listCompositions(compositions: readonly ProjectComposition[], context: CommandContext): string {
  return formatTable(
    [{ title: 'composition' }, { title: 'size' }, { title: 'length', align: 'right' }, { title: 'props' }],
    compositions.map(({ id, width, height, fps, durationInFrames, defaultProps }) => [
      plain(id),
      `${width}x${height}`,
      `${(durationInFrames / fps).toFixed(1)} s`,
      plain(Object.keys(defaultProps).join(', ')),
    ]),
    context.terminal.paintResult,
  );
}

function describe(
  { fields, kept }: ImportedTemplate,
  { isComputed }: ProjectComposition,
  folder: string,
): string {
  return [
    `${typedPath(folder)}  ${countOf(fields.length, 'field')}: ${fields.join(', ')}`,
    ...(kept.length === 0 ? [] : [`  keep their defaults: ${kept.join(', ')}`]),
    ...(isComputed
      ? [
          '  calculateMetadata runs while a clip is drawn. If it changes the length, give the scene a function.',
        ]
      : []),
  ]
    .map(plain)
    .join('\n');
}

/**
 * Runs `bespoke import`: lists the compositions of a Remotion project, or makes templates of them.
 *
 * @throws BespokeError `project-unreadable`, `bundle-failed`, `browser-missing`, `usage-invalid`.
 */
export async function runImportCommand(
  context: CommandContext,
  file: string,
  { composition: wanted = [], as }: ImportCompositionOptions,
): Promise<number> {
  const { terminal, environment } = context;
  const root = path.resolve(file);
  if (!existsSync(root)) throw errors.compositionFileMissing({ file: typedPath(root) });
  const config = parseConfig(environment);
  const { cache: cacheDirectory } = workspaceAt(config.workspace);
  const compositions = await readProject(root, {
    ...{ cacheDirectory, browser: config.browser, publicFolder: publicFolderOf(root) },
  });
  const ids = compositions.map(({ id }) => id);
  const templates = folderForTemplates(environment, process.cwd());
  const imported: ImportedTemplate[] = [];
  for (const id of compositions.length === 0 ? ['?'] : wanted) {
    const composition = compositions.find((each) => each.id === id);
    if (composition === undefined) throw errors.compositionUnknown({ file: typedPath(root), id, ids });
    const folder = path.join(templates, templateId(as ?? id));
    const template = await writeTemplate(root, composition, folder);
    imported.push(template);
    terminal.say(describe(template, composition, folder));
  }
  if (imported.length === 0) {
    terminal.result(listCompositions(compositions, context));
    terminal.say(`\nMake a template of one: bespoke import ${typedPath(root)} --composition ${ids[0] ?? ''}`);
  } else {
    terminal.result(imported.map((template) => template.id).join('\n'));
    terminal.say(`\nNext: bespoke studio, or bespoke plan <file> --template ${imported[0]?.id ?? ''}`);
  }
  terminal.json({
    compositions: compositions.map(({ defaultProps, schema: _schema, ...each }) => ({
      ...each,
      props: Object.keys(defaultProps),
    })),
    templates: imported.map(({ id, fields, kept }) => ({ id, fields: [...fields], kept: [...kept] })),
  } satisfies ImportResult);
  return exitCodes.ok;
}

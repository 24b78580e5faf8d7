import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { storageError } from '../../worker/adapters/store/storage-error.ts';
import { typedPath } from '../batch-summary.ts';
import { exitCodes } from '../exit-codes.ts';
import type { StoryGraphResult } from '../story/json-results.ts';
import { chooseTemplate } from '../options/choose-template.ts';
import type { Setting } from '../setting.ts';
import { drawStory } from '../story/draw-story.ts';

/** The flags of `bespoke story graph`, parsed. */
export interface StoryGraphFlags {
  readonly out?: string;
}

/**
 * Draws a template's story as SVG.
 *
 * @returns 0.
 */
export async function runStoryGraphCommand(
  { deployment, terminal }: Setting,
  id: string,
  flags: StoryGraphFlags,
): Promise<number> {
  const registry = await deployment.loadRegistry();
  const { template } = chooseTemplate(registry, id);
  const file = path.resolve(flags.out ?? `${template.id}.svg`);
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

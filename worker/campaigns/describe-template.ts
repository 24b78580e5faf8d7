import { isMoney, type Money } from '../../data/parse-money.ts';
import { type Field, recordJsonSchema, rowFields, settingFields } from '../../data/record.ts';
import { bindPath } from '../../video/story/bind.ts';
import { pathDuration } from '../../video/story/path.ts';
import type { Registry, RegistryEntry } from '../../video/story/registry.ts';
import type { rememberTemplateCode } from '../core/plan-context.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { Renderer } from '../core/ports.ts';
import { cutIds, type CutRecord } from '../core/cuts.ts';
import type { DescribedCut, DescribedTemplate } from './template-schema.ts';
import { tryTemplate } from '../../video/story/template-code.ts';

/** Any day serves: samples show about how long videos are. */
const asOf = '2026-01-01';

const isPlain = (value: unknown): value is string | number | boolean | Money =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || isMoney(value);

function describeField(
  name: string,
  field: Field,
  coarser: string | undefined,
): DescribedTemplate['fields'][number] {
  const { label, kind, required, personal, example, fallback, aliases } = field;
  const shown = isPlain(fallback) ? fallback : null;
  return {
    ...{ name, label, kind, required, personal, example, fallback: shown },
    ...(coarser !== undefined && { coarser }),
    aliases: [...aliases],
  };
}

/** A template's record, formats and length. */
export function describeTemplate({ template }: RegistryEntry): DescribedTemplate {
  const { id, version, title, description, formats, fps, record, fixtures, story } = template;
  // One template that does not work for its own samples must not hide the others.
  const seconds = Object.values(fixtures).flatMap((fixture) => {
    const path = tryTemplate(() => bindPath(template, fixture.record, {}, { asOf }));
    return path.ok ? [pathDuration(path.value) / fps] : [];
  });
  return {
    id,
    version,
    title,
    description,
    formats: [...formats],
    fps,
    durationInSeconds:
      seconds.length === 0 ? { min: 0, max: 0 } : { min: Math.min(...seconds), max: Math.max(...seconds) },
    fields: Object.entries(rowFields(record)).map(([name, field]) =>
      describeField(name, field, template.coarser?.[name]),
    ),
    settings: Object.entries(settingFields(record)).map(([name, field]) => {
      const { label, kind, example, fallback } = describeField(name, field, undefined);
      return { name, label, kind, example, fallback };
    }),
    recordSchema: { ...recordJsonSchema(record) },
    story: { ...story },
  };
}

/** All templates, in the registry's order. */
export function describeTemplates(registry: Registry): readonly DescribedTemplate[] {
  return registry.map(describeTemplate);
}

/**
 * The cut scenes of a template by the code of today.
 *
 * @param known what is known of cuts, of whichever code.
 * @returns `undefined` if no scene is cut, or its code cannot be read.
 */
export async function describeCuts(
  { hmac, renderer }: Pick<Pipeline, 'hmac'> & { readonly renderer: Pick<Renderer, 'codeHash'> },
  { template }: RegistryEntry,
  known: readonly CutRecord[],
): Promise<DescribedCut[] | undefined> {
  const scenes = Object.keys(template.cuts ?? {});
  if (scenes.length === 0) return undefined;
  const read = async (scene: string) => [scene, await renderer.codeHash(template.id, scene)] as const;
  try {
    const ids = cutIds(hmac, template, new Map(await Promise.all(scenes.map(read))));
    return Object.entries(ids).map(([scene, id]) => {
      const { proven = 0, withdrawn } = known.find((each) => each.id === id) ?? {};
      const since = withdrawn && { at: withdrawn.at.toISOString(), frame: withdrawn.frame };
      return { scene, proven, ...(since && { withdrawn: since }) };
    });
  } catch {
    return undefined;
  }
}

/**
 * Names everything that the videos of a template are drawn from: its code, its sounds and the engine.
 *
 * @returns `undefined` where that cannot be read; planning then says why.
 */
export async function nameTemplateCode(
  { hmac, renderer }: Pick<Pipeline, 'hmac' | 'renderer'>,
  entry: RegistryEntry,
  templateCode: ReturnType<typeof rememberTemplateCode>,
): Promise<string | undefined> {
  try {
    const [contract, { codeHashes, soundHashes, engineVersion }] = await Promise.all([
      renderer.codeHash(entry.template.id),
      templateCode(entry),
    ]);
    const { id, version } = entry.template;
    return hmac('content', {
      template: { id, version, contract },
      code: Object.fromEntries(codeHashes),
      sounds: Object.fromEntries(soundHashes),
      engine: engineVersion,
    });
  } catch {
    return undefined;
  }
}

import pMap from 'p-map';
import type { ClipProbe } from '../../video/story/check/check-clips.ts';
import type { Format } from '../../video/story/format.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import { probeParameters } from '../../worker/adapters/media/probe-parameters.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import { tryTemplate } from '../../video/story/template-code.ts';
import { createPlanContext } from '../../worker/core/plan-context.ts';
import { createPlanner } from '../../worker/core/plan-render.ts';
import { qualities, type Quality } from '../../worker/core/campaigns.ts';

const atOnce = 4;

async function probeGroup(
  pipeline: Pipeline,
  entry: RegistryEntry,
  format: Format,
  quality: Quality,
  asOf: string,
): Promise<readonly ClipProbe[]> {
  const { clips: clipTable, store, keyring } = pipeline;
  const context = await createPlanContext(pipeline, entry, { format, encoding: qualities[quality], asOf });
  const planner = createPlanner(context, keyring);
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
export async function probeStored(
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

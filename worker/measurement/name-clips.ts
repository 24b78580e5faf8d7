import type { CampaignWatching } from './watching-schema.ts';

type Clip = CampaignWatching['scenes'][number]['clips'][number];

const say = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Names clips of one scene by the inputs in which they differ, in their order. */
export function nameClips(clips: readonly Clip[]): readonly string[] {
  const names = [...new Set(clips.flatMap(({ inputs }) => Object.keys(inputs)))];
  const differing = names.filter((name) => new Set(clips.map(({ inputs }) => say(inputs[name]))).size > 1);
  return clips.map(({ inputs, clip }) => {
    const parts = differing.flatMap((name) =>
      inputs[name] === undefined ? [] : [`${name}: ${say(inputs[name])}`],
    );
    return parts.length === 0 ? clip.slice(0, 12) : parts.join(', ');
  });
}

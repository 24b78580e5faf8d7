import type { Template } from '../template.ts';
import { finding, quote, type Finding } from './finding.ts';

/** What a stored clip is made of, as far as a joint by stream copy depends on it. */
export interface ClipProbe {
  readonly scene: string;
  /** Clips of one group are joined with each other: one format at one quality. */
  readonly group: string;
  /** By name, such as `codec`, `profile`, `pixels`, `size`, `frame rate`, `colour`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Most frames a second; players and encoders agree on no more. */
const mostFps = 120;

/** Parameters that are held by most clips of a group. */
function usual(clips: readonly ClipProbe[], name: string): string | undefined {
  const counts = new Map<string | undefined, number>();
  for (const { parameters } of clips) counts.set(parameters[name], (counts.get(parameters[name]) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

/**
 * Clips that cannot be joined with the others of their format, among those that are stored, and a frame rate
 * at which none can. Clips that are still to be rendered share their parameters by construction.
 */
export function checkJoints({ id, fps }: Template, clips: readonly ClipProbe[]): readonly Finding[] {
  const found: Finding[] = [];
  if (!Number.isInteger(fps) || fps < 1 || fps > mostFps) {
    const message = `Template ${quote(id)} has ${fps} frames a second; clips are joined at a whole number from 1 to ${mostFps}.`;
    found.push(finding('joint-mismatch', {}, message));
  }
  const groups = new Map<string, ClipProbe[]>();
  for (const clip of clips) groups.set(clip.group, [...(groups.get(clip.group) ?? []), clip]);
  for (const [group, members] of groups) {
    const names = new Set(members.flatMap(({ parameters }) => Object.keys(parameters)));
    for (const name of names) {
      const wanted = usual(members, name);
      for (const { scene, parameters } of members.filter((clip) => clip.parameters[name] !== wanted)) {
        const message = `A stored clip of scene ${quote(scene)} (${group}) has ${name} ${parameters[name] ?? 'none'}, where others have ${wanted ?? 'none'}.`;
        found.push(finding('joint-mismatch', {}, message));
      }
    }
  }
  return found;
}

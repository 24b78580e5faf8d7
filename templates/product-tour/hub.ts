import type { Choice, Edges, Hotspot } from 'bespoke/template';
import { tagWords } from './copy.ts';
import { spotArea, type Feature } from './look/plan.ts';

/** Choices of the hub: each leads into the house and back, and is ticked afterwards. */
export function look(name: Feature, says: string, key: string, to: Edges = name): Choice {
  return {
    id: name,
    label: tagWords[name],
    accessibleLabel: says,
    to,
    comesBack: true,
    effects: [{ set: `saw-${name}`, to: true }],
    key,
    analytics: `look-${name}`,
  };
}

/** Its hotspot in both formats. */
export const spot = (choice: Feature | 'evening'): Hotspot => ({
  choice,
  areas: { '16:9': spotArea('16:9', choice), '9:16': spotArea('9:16', choice) },
});

/** Whether something was looked at. */
export const seen = { type: 'boolean', source: 'session', initial: false } as const;

import { cutNodes, plannedEntry, saysOtherwise, wholeInputs } from '../../video/story/cuts.ts';
import type { Variables } from '../../video/story/engine/condition.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import type { Template } from '../../video/story/template.ts';
import type { Hmac } from './hmac.ts';
import { drawUniform } from './holdout.ts';
import type { Renderer } from './ports.ts';

/** A part of a cut scene in one video. */
interface CutPlace {
  /** Names the cut; see `cutIds`. */
  readonly cut: string;
  readonly template: string;
  /** The scene that is cut. */
  readonly scene: string;
  readonly node: string;
}

/** A part that shows constants where the record of its video says something else. */
export interface CutUse extends CutPlace {
  /** Where; see `saysOtherwise`. */
  readonly otherwise: readonly string[];
  /** What the record says of all inputs of the scene. */
  readonly inputs: string;
}

/** A part that is to be drawn again for one render, with all that its record says. */
export interface Proof extends CutPlace {
  readonly id: string;
  readonly render: string;
}

/** What is known of the cut of a scene, by one version of its code. */
export interface CutRecord {
  readonly id: string;
  readonly template: string;
  readonly scene: string;
  /** Parts that were drawn again and came out the same. */
  readonly proven: number;
  /** Set where one came out differently: since then the scene is planned whole. */
  readonly withdrawn: { readonly at: Date; readonly frame: number } | undefined;
}

/** Proofs of a campaign's rows. */
export interface CampaignProofs {
  readonly proven: number;
  /** Still to be made. */
  readonly open: number;
  /** Videos that are still to be planned again, since a cut was withdrawn. */
  readonly touched: number;
  /** Scenes whose cut was withdrawn after rows of the campaign had been planned with it. */
  readonly withdrawn: readonly string[];
}

/** Cuts of scenes and their proofs. Every method is one transaction, and may be repeated without harm. */
export interface Cuts {
  /** The ids of all that were withdrawn. */
  readonly withdrawn: () => Promise<ReadonlySet<string>>;
  /** Those of a template, or all; the newest first. */
  readonly list: (template?: string) => Promise<readonly CutRecord[]>;
  readonly ofCampaign: (campaign: string) => Promise<CampaignProofs>;
  /** A proof that is still to be made. */
  readonly findProof: (id: string) => Promise<Proof | undefined>;
  /** Ends a proof: `proven` counts it; `dropped` forgets it, because there is nothing to compare any more. */
  readonly endProof: (id: string, how: 'proven' | 'dropped') => Promise<void>;
  /** Open proofs of renders that are done. */
  readonly openProofs: (limit: number) => Promise<readonly string[]>;
  /** Withdraws a cut, and forgets its open proofs. @returns whether nobody had before. */
  readonly withdraw: (cut: string, frame: number) => Promise<boolean>;
  /** Withdrawn cuts with which renders may still be planned. */
  readonly unsettled: () => Promise<readonly CutRecord[]>;
  /** Renders that show, or will show, what was planned with a cut; in the order of their ids, after one of them. */
  readonly touched: (
    cut: string,
    after: string,
    limit: number,
  ) => Promise<readonly { readonly render: string; readonly campaign: string }[]>;
  /** Says that no render is planned with a withdrawn cut; nothing for an hour after it was withdrawn. */
  readonly settle: (cut: string) => Promise<void>;
}

/**
 * Names the cuts of a template's scenes, by scene. The name of a cut stays while the scene's code and the parts stay.
 *
 * @param codeHashes by scene.
 */
export function cutIds(
  hmac: Hmac,
  { id, cuts = {} }: Pick<Template, 'id' | 'cuts'>,
  codeHashes: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(cuts).map(([scene, parts = []]) => {
      const cut = { template: id, scene, code: codeHashes.get(scene) ?? '' };
      return [scene, hmac('cut', { ...cut, parts: parts.map(({ until, reads }) => ({ until, reads })) })];
    }),
  );
}

/** Which scenes of a template have a cut that was not withdrawn, and the names of these cuts. */
async function standingCuts(
  {
    hmac,
    cuts,
    renderer,
  }: { hmac: Hmac; cuts: Pick<Cuts, 'withdrawn'>; renderer: Pick<Renderer, 'codeHash'> },
  template: Template,
): Promise<Readonly<Record<string, string>>> {
  const withdrawn = await cuts.withdrawn();
  const codeHashes = await Promise.all(
    Object.keys(template.cuts ?? {}).map(
      async (scene) => [scene, await renderer.codeHash(template.id, scene)] as const,
    ),
  );
  const ids = Object.entries(cutIds(hmac, template, new Map(codeHashes)));
  return Object.fromEntries(ids.filter(([, id]) => !withdrawn.has(id)));
}

/** The entry of a template as it is planned now: scenes whose cut was withdrawn are shown whole. */
export async function withStandingCuts(
  pipeline: Parameters<typeof standingCuts>[0],
  entry: RegistryEntry,
): Promise<RegistryEntry> {
  if (entry.template.cuts === undefined) return entry;
  return plannedEntry(entry, { cuts: await standingCuts(pipeline, entry.template) });
}

/** The parts of a video that would look different if they read more of the record than their cut says. */
export function cutUses(
  template: Template,
  ids: Readonly<Record<string, string>>,
  nodes: readonly string[],
  variables: Variables,
): readonly CutUse[] {
  const parts = cutNodes(template);
  if (parts.size === 0) return [];
  return [...new Set(nodes)].flatMap((node) => {
    const part = parts.get(node);
    if (part === undefined) return [];
    const otherwise = saysOtherwise(part, variables);
    if (otherwise.length === 0) return [];
    const { scene } = part;
    const inputs = wholeInputs(part, variables);
    return [{ cut: ids[scene] ?? '', template: template.id, scene, node, otherwise, inputs }];
  });
}

/** The share of the uses of parts that are proven. */
const share = 1 / 50;

/**
 * Chooses what is proven of renders: for each input that a part does not read, the first row with another value than the
 * constant, of choices the first with each value; and one in fifty of the others. A part is proven once for equal inputs,
 * also if a campaign is ordered again.
 *
 * @param isCampaign whether its rows are counted together; else a render is planned alone, and the first ones are those of
 * all such renders.
 */
export function createProofChooser(
  hmac: Hmac,
  isCampaign: boolean,
): (render: string, uses: readonly CutUse[]) => readonly Proof[] {
  const begun = new Set<string>();
  return (render, uses) =>
    uses.flatMap(({ otherwise, inputs, ...place }): readonly Proof[] => {
      const part = `${place.cut} ${place.node}`;
      const proofOf = (name: { readonly inputs: string } | { readonly what: string }): Proof => ({
        ...{ ...place, render },
        id: hmac('proof', { part, ...name }),
      });
      const first = otherwise.filter((what) => !begun.has(`${part} ${what}`));
      for (const what of first) begun.add(`${part} ${what}`);
      const isDrawn = drawUniform(hmac, 'proof', part, inputs) < share;
      if (isCampaign) return isDrawn || first.length > 0 ? [proofOf({ inputs })] : [];
      return [...first.map((what) => proofOf({ what })), ...(isDrawn ? [proofOf({ inputs })] : [])];
    });
}

import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Format } from '../../video/story/format.ts';
import type { Still } from '../../video/story/path.ts';
import type { Encoding, Priority } from './ports.ts';
import { sideInput, sides } from '../../video/story/excerpt.ts';
import { audioPattern, imageInput } from '../../video/story/scene.ts';
import type { SpokenLine } from '../../video/story/speech.ts';

/** A clip as it was planned: all that a worker needs to render it. */
export interface ClipDraft {
  readonly key: string;
  readonly template: string;
  readonly scene: string;
  /** Of the code that the key was computed with; a worker with other code must not render it. */
  readonly codeHash: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly format: Format;
  readonly fps: number;
  readonly durationInFrames: number;
  readonly encoding: Encoding;
  readonly personal: boolean;
  /** Pictures to keep of it while it is drawn; not part of its key. */
  readonly stills: readonly Still[];
}

/** What is known about a remote image. `hash` names its stored pixels; without one the fetch failed. */
export interface ImageMemory {
  readonly urlKey: string;
  readonly hash: string | undefined;
  /** Why it cannot be had; of one that is there, why hardly anything of it would be seen. */
  readonly reason: string | undefined;
  readonly fetchedAt: Date;
  /** Whether a clip may show it. Others are forgotten after two days. */
  readonly needed: boolean;
}

/** How fast clips of a scene were rendered so far, and how large they became. */
export interface SceneSpeed {
  readonly template: string;
  readonly scene: string;
  readonly format: Format;
  readonly scale: number;
  readonly framesPerSecond: number;
  readonly bytesPerFrame: number;
}

/** What is returned when rows may have ended. */
export interface RowsEnded {
  readonly rows: number;
  /** Campaigns that the rows belong to. */
  readonly campaigns: readonly string[];
  /** Those of them that are recorded as a whole and have no open row now; no remakes. */
  readonly over: readonly string[];
  /** Those of them that are remakes. */
  readonly remakes: readonly string[];
  /** Those of them whose rows owe messages to webhooks; unset where there are none. */
  readonly owing?: readonly string[];
}

/** Clips and the images in them. Every method is one transaction; those that change state may be repeated without harm. */
export interface Clips {
  /** The drafts of clips, in the order of `keys`; unknown keys are left out. */
  readonly find: (keys: readonly string[]) => Promise<readonly ClipDraft[]>;
  /** A clip that someone still waits for; `undefined` when it is stored, failed or unwanted. */
  readonly findWanted: (key: string) => Promise<ClipDraft | undefined>;
  /** How far clips are; those that nobody ever wanted are left out. */
  readonly states: (keys: readonly string[]) => Promise<ReadonlyMap<string, 'wanted' | 'stored' | 'failed'>>;
  /** Records, before it is complete, that a clip plays something. */
  readonly addSound: (key: string) => Promise<void>;
  /** Scenes of a template of which some clip plays something. */
  readonly soundingScenes: (template: string) => Promise<ReadonlySet<string>>;
  /** Which of these clips play something. */
  readonly sounding: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
  /** The scenes of those of these clips for which a render, or one of a campaign, waits. */
  readonly awaited: (
    of: { readonly render: string } | { readonly campaign: string },
    keys: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>;
  /** Which of these clips are stored. */
  readonly stored: (keys: readonly string[]) => Promise<ReadonlySet<string>>;

  /** Marks a clip stored and releases, exactly once, the renders that waited for nothing else. */
  readonly complete: (
    key: string,
    made: { readonly bytes: number | undefined; readonly renderMs: number | undefined },
  ) => Promise<{ readonly released: readonly { readonly id: string; readonly priority: Priority }[] }>;
  /**
   * Marks a clip failed and fails every render that waits for it. Repeated after a lost answer it returns nothing,
   * since nobody waits any more; `resumeCampaigns` and `settleRemakes` then find what is over.
   */
  readonly fail: (key: string, code: ErrorCode, message: string) => Promise<RowsEnded>;
  /** Queues stored clips again whose files are missing; the renders wait again. */
  readonly revive: (render: string, keys: readonly string[]) => Promise<void>;
  /** A stored clip's file is missing: it is rendered again for everyone who needs it. */
  readonly lose: (key: string) => Promise<void>;
  /** Records a picture that is about to be taken from a clip. @returns whether the clip still exists. */
  readonly addStill: (clip: string, still: Still) => Promise<boolean>;

  /**
   * Wants clips for the viewer of a render, each with the urgency that it has now or had before. One that is
   * stored stays so; one that has failed is tried again. A viewer demands few at a time: the oldest are forgotten.
   *
   * @returns what must now be queued: those that are not stored.
   */
  readonly demand: (
    render: string,
    demands: readonly { readonly clip: ClipDraft; readonly priority: Priority }[],
  ) => Promise<readonly { readonly key: string; readonly priority: Priority }[]>;
  /**
   * Remembers that the viewer of a render may play stored clips, so that they stay as long as the render.
   *
   * @returns those that are still there.
   */
  readonly keepFor: (render: string, keys: readonly string[]) => Promise<ReadonlySet<string>>;
  /** How far a clip is; `undefined` for a personal one that is not kept for the viewer of this render. */
  readonly stateFor: (render: string, key: string) => Promise<'wanted' | 'stored' | 'failed' | undefined>;

  readonly sceneSpeeds: (template: string) => Promise<readonly SceneSpeed[]>;
  readonly images: (urlKeys: readonly string[]) => Promise<readonly ImageMemory[]>;
  /** The same, for clips that are being planned: what is there stays for as long as a clip may show it. */
  readonly needImages: (urlKeys: readonly string[]) => Promise<readonly ImageMemory[]>;
  /** Remembers what became of pictures. One that was needed stays so. */
  readonly rememberImages: (images: readonly ImageMemory[]) => Promise<void>;
  /** Forgets some of the pictures that were looked at days ago and never needed. */
  readonly forgetUnneededImages: () => Promise<void>;
}

/** Where a clip lies on the store, and what its components play: a WAV to mix, and the same for players. */
export const clipFiles = (key: string) =>
  ({ video: `${key}.mp4`, sound: `${key}.wav`, playedSound: `${key}.m4a` }) as const;

/** The names that a picture may have in the store: opaque, and with transparent parts. */
export const imageNames = (hash: string): readonly [jpeg: string, png: string] => [
  `${hash}.jpg`,
  `${hash}.png`,
];

/** The files of what a voice said. */
export const speechFiles = (hash: string) => ({ sound: `${hash}.wav`, times: `${hash}.json` }) as const;

/** The file of a recording. Its hash says also how long it is. */
export const recordingFile = (hash: string): string => `${hash}.wav`;

/** The files of stored content that inputs of clips name by its hash: a picture, what a voice said, or a recording. */
export const contentFiles = (
  hash: string,
): readonly { readonly namespace: 'images' | 'speech'; readonly name: string }[] => {
  if (audioPattern.test(hash)) return [{ namespace: 'speech', name: recordingFile(hash) }];
  return hash.startsWith(speechPrefix)
    ? Object.values(speechFiles(hash)).map((name) => ({ namespace: 'speech', name }))
    : imageNames(hash).map((name) => ({ namespace: 'images', name }));
};

/** Begins the hashes of what voices said. */
export const speechPrefix = 'spoken-';

/** Hashes of what a clip says. */
export function speechHashes(inputs: ClipDraft['inputs']): readonly string[] {
  const spoken = ['spoken', ...sides.map((side) => sideInput(side, 'spoken'))].map((name) => inputs[name]);
  const lines = spoken.filter(Array.isArray).flat() as readonly Partial<SpokenLine>[];
  return [...new Set(lines.flatMap(({ hash }) => hash ?? []))];
}

/** Hashes of the stored pictures that a scene's inputs name, at any depth. */
export function imageHashes(inputs: unknown): readonly string[] {
  if (typeof inputs !== 'object' || inputs === null) return [];
  const image = imageInput.safeParse(inputs);
  if (image.success) return image.data.kind === 'stored' ? [image.data.hash] : [];
  return [...new Set(Object.values(inputs).flatMap(imageHashes))];
}

/** Hashes of the recordings that a scene's inputs name, at any depth. */
export function recordingHashes(inputs: unknown): readonly string[] {
  if (typeof inputs === 'string') return audioPattern.test(inputs) ? [inputs] : [];
  if (typeof inputs !== 'object' || inputs === null) return [];
  return [...new Set(Object.values(inputs).flatMap(recordingHashes))];
}

/** Where a picture of a clip lies on the store. */
export function stillName(clip: string, still: Still): string {
  const what =
    still.kind === 'poster' ? `p${still.frame}` : `s${still.fromFrame}-${still.count}-${still.step}`;
  return `${clip}-${what}.jpg`;
}

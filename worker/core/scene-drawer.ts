import { createHash } from 'node:crypto';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import { frameSize } from '../../video/story/format.ts';
import type { SceneCue } from '../../video/story/scene.ts';
import { ownInputs } from '../../video/story/excerpt.ts';
import { placeSounds } from '../../video/story/sounds.ts';
import { type BoundScene, codeOf, sayScene } from '../../video/story/time-scene.ts';
import { runTemplateCode } from '../../video/story/template-code.ts';
import type { Template } from '../../video/story/template.ts';
import type { ClipRender, FrameDrawer } from './ports.ts';

/** A scene's inputs by name. */
export type Inputs = Readonly<Record<string, unknown>>;

/** Frames are compared, not looked at. */
const smallSide = 270;
const small = { crf: 40, preset: 'ultrafast', jpegQuality: 100 } as const;

/** A frame as it was drawn. */
interface Look {
  /** Kept of few frames, since a scene may be long. */
  readonly picture: Buffer | undefined;
  /** Of its picture and of what it plays. */
  readonly hash: string;
  readonly sounds: string;
}

/** Of many frames that differ, the first say enough. */
const mostLookedAt = 40;

const hashOf = (content: Buffer | string): string => createHash('sha1').update(content).digest('base64');

/** What captions say while a frame is shown. */
export const saidAt = (cues: readonly SceneCue[], frame: number): string =>
  cues
    .flatMap(({ fromFrame, toFrame, text }) => (fromFrame <= frame && frame < toFrame ? [text] : []))
    .join('\n');

/**
 * What a scene says, shows as captions and plays besides its component, as texts at its frames: of a cut scene, a part
 * plays the files that start in it, and what it hears of voices and recordings.
 */
export function heardInScene(
  template: Template,
  { durationInFrames, ...scene }: BoundScene,
): readonly SceneCue[] {
  const { scene: name, node, inputs, personal } = scene;
  const declared = template.scenes[name];
  if (declared === undefined) return [];
  const code = codeOf(node, name, personal);
  const spoken = sayScene(template, scene);
  const cues = runTemplateCode(code, () => declared.captions(inputs, spoken));
  const place = { fps: template.fps, of: durationInFrames };
  const sounds = placeSounds(code, declared, ownInputs(inputs, declared), spoken, place);
  return [
    ...cues,
    // How long a line or a recording is depends on the voice: it may be heard until the scene ends.
    ...spoken.map((line) => ({ ...line, toFrame: durationInFrames })),
    ...sounds.map((sound) => ({
      fromFrame: Math.floor(sound.atFrame),
      toFrame: 'hash' in sound ? durationInFrames : Math.floor(sound.atFrame) + 1,
      text: canonicalJson(sound),
    })),
  ];
}

/** What drawing needs. */
export interface Drawing {
  readonly renderer: FrameDrawer;
  readonly signal: AbortSignal;
}

/** Draws a scene with different inputs, and compares. */
export class SceneDrawer {
  readonly #drawing: Drawing;
  readonly #clip: Omit<ClipRender, 'inputs' | 'encoding'>;
  readonly #scale: number;
  readonly #smallScale: number;
  readonly #pictures = new Map<string, Promise<string | undefined>>();

  /** @param scale of what counts as full size, relative to the format's. */
  constructor(drawing: Drawing, clip: Omit<ClipRender, 'inputs' | 'encoding'>, scale = 1) {
    const { width, height } = frameSize(clip.format);
    this.#drawing = drawing;
    this.#clip = clip;
    this.#scale = scale;
    this.#smallScale = Math.min(scale, smallSide / Math.min(width, height));
  }

  /** A hash for each frame of the scene, small, of its picture and of what it plays. */
  async frames(inputs: Inputs): Promise<readonly string[]> {
    const all = Array.from({ length: this.#clip.durationInFrames }, (_, frame) => frame);
    return (await this.#draw(inputs, this.#smallScale, all)).map(({ hash }) => hash);
  }

  /** Whether a frame looks the same at its full size. */
  async isSame(frame: number, one: Inputs, other: Inputs): Promise<boolean> {
    const [first, second] = await Promise.all([this.#picture(frame, one), this.#picture(frame, other)]);
    return first === second;
  }

  /**
   * Looks for frames that differ, small or, of some, at full size. What differs is drawn once more: browsers draw edges
   * again or keep them, so that pictures of one frame may differ a little, now and then.
   *
   * @param looksAlike whether two pictures show the same, but for that.
   * @returns the first frame that differs; `undefined` if none does.
   */
  async firstDifference(
    { all, closely }: { readonly all: readonly number[]; readonly closely: readonly number[] },
    one: Inputs,
    other: Inputs,
    looksAlike: (one: Buffer, other: Buffer) => Promise<boolean>,
  ): Promise<number | undefined> {
    const isSmall = this.#smallScale === this.#scale;
    const sizes = [[this.#smallScale, all] as const, ...(isSmall ? [] : [[this.#scale, closely] as const])];
    const found: number[] = [];
    for (const [scale, frames] of sizes) {
      const before = await this.#both(frames, one, other, scale, false);
      const suspects = frames.filter((_, at) => before.first[at]?.hash !== before.second[at]?.hash);
      if (suspects.length === 0) continue;
      const again = await this.#both(suspects.slice(0, mostLookedAt), one, other, scale, true);
      for (const [at, frame] of suspects.slice(0, mostLookedAt).entries()) {
        const drawn = frames.indexOf(frame);
        const first = [before.first[drawn], again.first[at]] as const;
        const second = [before.second[drawn], again.second[at]] as const;
        if (await differ(first, second, looksAlike)) found.push(frame);
      }
    }
    return found.length === 0 ? undefined : Math.min(...found);
  }

  async #both(frames: readonly number[], one: Inputs, other: Inputs, scale: number, keep: boolean) {
    const first = await this.#draw(one, scale, frames, keep);
    return { first, second: await this.#draw(other, scale, frames, keep) };
  }

  #picture(frame: number, inputs: Inputs): Promise<string | undefined> {
    const name = `${frame} ${JSON.stringify(inputs)}`;
    const known =
      this.#pictures.get(name) ?? this.#draw(inputs, this.#scale, [frame]).then(([look]) => look?.hash);
    this.#pictures.set(name, known);
    return known;
  }

  async #draw(
    inputs: Inputs,
    scale: number,
    frames: readonly number[],
    keep = false,
  ): Promise<readonly Look[]> {
    const { renderer, signal } = this.#drawing;
    const looks = new Map<number, Look>();
    signal.throwIfAborted();
    const clip = { ...this.#clip, inputs, encoding: { ...small, scale } };
    await renderer.drawFrames(clip, frames, 0, (frame, { picture, sounds: played }) => {
      const sounds = played.length === 0 ? '' : hashOf(JSON.stringify(played));
      looks.set(frame, { picture: keep ? picture : undefined, sounds, hash: hashOf(picture) + sounds });
    });
    return frames.flatMap((frame) => looks.get(frame) ?? []);
  }
}

type Drawn = readonly [first: Look | undefined, again: Look | undefined];

/** Whether two drawings with one set of inputs, and two with another, show different things. */
async function differ(
  [one, oneAgain]: Drawn,
  [other, otherAgain]: Drawn,
  looksAlike: (one: Buffer, other: Buffer) => Promise<boolean>,
): Promise<boolean> {
  if (one === undefined || other === undefined || one.sounds !== other.sounds) return true;
  const ones = new Set([one.hash, oneAgain?.hash]);
  if ([other.hash, otherAgain?.hash].some((hash) => ones.has(hash))) return false;
  const isSteady = one.hash === oneAgain?.hash && other.hash === otherAgain?.hash;
  if (isSteady || oneAgain?.picture === undefined || otherAgain?.picture === undefined) return true;
  return !(await looksAlike(oneAgain.picture, otherAgain.picture));
}

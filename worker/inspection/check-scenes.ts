import { fileURLToPath } from 'node:url';
import pMap from 'p-map';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { BoundScene } from '../../video/story/time-scene.ts';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import { excerptOf, transitionsIn } from '../../video/story/excerpt.ts';
import type { Format } from '../../video/story/format.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import { sampleContext, samplePath } from '../../video/story/samples.ts';
import { sceneSounds, soundtrackOf } from '../../video/story/path.ts';
import { tryTemplate } from '../../video/story/template-code.ts';
import type { ClipRender, FrameDrawer, Media } from '../core/ports.ts';
import { imagesOf } from './slice-scene.ts';

/** Something in a template that is wrong, or will be. */
export interface SceneFinding {
  /** A scene that cannot be drawn; frames that differ between two drawings; frames that depend on the day. */
  readonly kind: 'fails' | 'unsteady' | 'reads-clock';
  /** Unset where the fixture has no path. */
  readonly scene: string | undefined;
  readonly fixtures: readonly string[];
  /** The first that is wrong. */
  readonly frame: number | undefined;
  readonly why: string;
}

/** What was found in a template. */
export interface TemplateCheck {
  /** Scenes with different inputs that were drawn. */
  readonly drawn: number;
  readonly findings: readonly SceneFinding[];
  /** Files that components play, by scene. */
  readonly plays: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What drawing needs. */
export interface Checking {
  readonly renderer: FrameDrawer;
  readonly media: Pick<Media, 'looksAlike' | 'soundFiles'>;
  /** Scenes drawn at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly onDrawn?: () => void;
}

/** Ten, from the first to the last. */
const framesOf = (durationInFrames: number): readonly number[] => [
  ...new Set(Array.from({ length: 10 }, (_, index) => Math.round((index * (durationInFrames - 1)) / 9))),
];

const encoding = { scale: 1 / 3, crf: 40, preset: 'ultrafast', jpegQuality: 100 } as const;

/** Whatever a scene writes of the clock, it has changed by then. */
const otherDay = 431;

const nameOfFile = (address: string): string =>
  address.startsWith('data:') ? 'inline' : (new URL(address).pathname.split('/').pop() ?? address);

/** A scene with some inputs, and the fixtures that show it. */
interface Shown {
  readonly bound: BoundScene;
  readonly fixtures: string[];
}

function scenesShown({ template }: RegistryEntry, findings: SceneFinding[]): readonly Shown[] {
  const shown = new Map<string, Shown>();
  const ways: readonly (readonly [fixture: string, path: readonly string[]])[] = [
    ...Object.keys(template.fixtures).map((name) => [name, []] as const),
    ...Object.values(template.paths ?? {}).map((path) => ['typical', path] as const),
  ];
  for (const [name, path] of ways) {
    const fixture = template.fixtures[name];
    if (fixture === undefined) continue;
    const bound = tryTemplate(() => samplePath(template, fixture, path));
    if (!bound.ok) {
      const why = bound.cause.message;
      findings.push({ kind: 'fails', scene: undefined, fixtures: [name], frame: undefined, why });
      continue;
    }
    for (const each of bound.value) {
      const { scene, inputs, durationInFrames } = each;
      const key = canonicalJson({ scene, inputs, durationInFrames });
      const known = shown.get(key) ?? { bound: each, fixtures: [] };
      shown.set(key, known);
      if (!known.fixtures.includes(name)) known.fixtures.push(name);
    }
  }
  return [...shown.values()];
}

/** Findings that say the same of a scene, as one. */
function together(findings: readonly SceneFinding[]): readonly SceneFinding[] {
  const merged = new Map<string, SceneFinding>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.kind, finding.scene, finding.why]);
    const before = merged.get(key);
    const fixtures = [...new Set([...(before?.fixtures ?? []), ...finding.fixtures])];
    merged.set(key, { ...(before ?? finding), fixtures });
  }
  return [...merged.values()];
}

/** What the fixtures of a template make it play, and cannot be played. */
function checkSounds(
  { template }: RegistryEntry,
  shown: readonly Shown[],
  present: ReadonlySet<string>,
): readonly SceneFinding[] {
  const unplayed = (about: Pick<SceneFinding, 'scene' | 'fixtures'>, read: () => readonly string[]) => {
    const files = tryTemplate(read);
    const missing = (file: string) => `It plays "${file}", which is not in the template’s folder "sounds".`;
    const reasons = files.ok
      ? files.value.filter((file) => !present.has(file)).map(missing)
      : [files.cause.message];
    return reasons.map((why): SceneFinding => ({ kind: 'fails', ...about, frame: undefined, why }));
  };
  const music = Object.entries(template.fixtures).flatMap(([name, fixture]) =>
    unplayed({ scene: undefined, fixtures: [name] }, () => {
      const soundtrack = soundtrackOf(template, sampleContext(template, fixture).facts);
      return soundtrack === undefined ? [] : [soundtrack.file];
    }),
  );
  const sounds = shown.flatMap(({ bound, fixtures }) =>
    unplayed({ scene: bound.scene, fixtures }, () => sceneSounds(template, bound).map(({ file }) => file)),
  );
  return [...music, ...sounds];
}

/** Draws each scene and each transition of a template as its fixtures show it, and collects all that is wrong. */
export async function checkScenes(
  { renderer, media, concurrency, signal, onDrawn }: Checking,
  entry: RegistryEntry,
  format: Format,
): Promise<TemplateCheck> {
  const template = entry.template.uncut ?? entry.template;
  const findings: SceneFinding[] = [];
  const plays = new Map<string, Set<string>>();
  const transitions = new Map(transitionsIn(entry.template.scenes));
  const shown = [
    ...scenesShown({ ...entry, template }, findings),
    ...(transitions.size === 0 ? [] : scenesShown(entry, findings)).filter(({ bound }) =>
      transitions.has(bound.scene),
    ),
  ];
  const images = imagesOf(entry);
  const present = new Set(await media.soundFiles(fileURLToPath(entry.directory)));
  findings.push(
    ...checkSounds(
      { ...entry, template },
      shown.filter(({ bound }) => !transitions.has(bound.scene)),
      present,
    ),
  );

  async function check({ bound, fixtures }: Shown): Promise<void> {
    const { scene, inputs, durationInFrames } = bound;
    const about = { scene, fixtures };
    const excerpt = transitions.has(scene) ? excerptOf(entry.template.scenes, scene, bound) : undefined;
    const frames = framesOf(durationInFrames).map((frame) => (excerpt?.from ?? 0) + frame);
    const clip: ClipRender = {
      ...{ template: template.id, scene, inputs, personalInputs: [], images, durationInFrames },
      ...{ format, fps: template.fps, encoding, excerpt },
    };
    const draw = async (daysAhead: number): Promise<ReadonlyMap<number, Buffer>> => {
      signal.throwIfAborted();
      const pictures = new Map<number, Buffer>();
      await renderer.drawFrames(clip, frames, daysAhead, (frame, { picture, sounds }) => {
        pictures.set(frame, picture);
        const files = sounds.map((sound) => ('src' in sound ? nameOfFile(String(sound.src)) : 'inline'));
        if (files.length > 0) plays.set(scene, new Set([...(plays.get(scene) ?? []), ...files]));
      });
      return pictures;
    };
    try {
      const first = await draw(0);
      const differing = async (other: ReadonlyMap<number, Buffer>): Promise<number | undefined> => {
        for (const [frame, picture] of first) {
          const again = other.get(frame);
          if (again === undefined || !(await media.looksAlike(picture, again))) return frame;
        }
        return undefined;
      };
      const unsteady = await differing(await draw(0));
      if (unsteady !== undefined) {
        const why =
          'It comes out differently each time it is drawn. Use Remotion’s random(seed) in place of Math.random(), and the current frame in place of timers and CSS animations.';
        findings.push({ kind: 'unsteady', ...about, frame: unsteady, why });
        return;
      }
      const dated = await differing(await draw(otherDay));
      if (dated === undefined) return;
      const why =
        'It depends on the day on which it is drawn. Take days from the record, or from a fact that reads the campaign’s `asOf`.';
      findings.push({ kind: 'reads-clock', ...about, frame: dated, why });
    } catch (error) {
      if (!(error instanceof BespokeError) || signal.aborted) throw error;
      findings.push({ kind: 'fails', ...about, frame: undefined, why: error.message });
    } finally {
      onDrawn?.();
    }
  }

  await pMap(shown, check, { concurrency, signal });
  return { drawn: shown.length, findings: together(findings), plays };
}

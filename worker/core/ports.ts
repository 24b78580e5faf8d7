import { z } from 'zod';
import type { Format } from '../../video/story/format.ts';
import type { Mix, Still } from '../../video/story/path.ts';
import type { Excerpt, SoundShape } from '../../video/story/scene.ts';
import type { SpeechText, Spoken, SpokenLine } from '../../video/story/speech.ts';

/** The current time; handed in so that nothing in the core reads a clock. */
export interface Clock {
  readonly now: () => Date;
}

/** Diagnostics. Carries ids and counts, never personal data. */
export interface Log {
  /** For anyone who looks for a fault. */
  readonly debug: LogLine;
  /** What an operator follows: work that has been done. */
  readonly info: LogLine;
  readonly warn: LogLine;
}

export type LogLine = (message: string, fields?: Readonly<Record<string, string | number | boolean>>) => void;

/** What is kept permanently, by kind; a name is a hex key with its extension. */
export type Namespace =
  | 'clips'
  | 'mixes'
  /** Music and scene sounds, each for itself, for players that play clips one after another. */
  | 'sounds'
  | 'images'
  | 'videos'
  | 'posters'
  | 'teasers'
  | 'captions'
  /** Pictures of single clips, from which posters and teasers are made. */
  | 'stills'
  /** What voices said: a WAV of each text, and the times of its words. */
  | 'speech'
  /** Files of rows that clients uploaded. */
  | 'inputs';

/** Content-addressed files. A reader sees a whole file or none. */
export interface Store {
  readonly has: (namespace: Namespace, name: string) => Promise<boolean>;
  /**
   * Moves a finished file from `scratch()` into a namespace. What is there already stays as it is. `derived` files can
   * be made again from others: they need not survive a power cut, and may be replaced by their equal.
   */
  readonly publish: (
    namespace: Namespace,
    name: string,
    file: string,
    options?: { readonly derived: boolean },
  ) => Promise<void>;
  /** Publishes a stored file under another name as `derived`. @throws BespokeError `stored-file-missing`. */
  readonly copy: (
    from: { readonly namespace: Namespace; readonly name: string },
    to: { readonly namespace: Namespace; readonly name: string },
  ) => Promise<void>;
  /**
   * A local path to read from: the file itself, or a cached copy of a remote one.
   *
   * @param options `unchecked` where a missing file shows when it is opened: a folder is not looked into then.
   * @throws BespokeError `stored-file-missing`.
   */
  readonly fetch: (
    namespace: Namespace,
    name: string,
    options?: { readonly unchecked: boolean },
  ) => Promise<string>;
  /**
   * A short-lived address from which a viewer's browser may have the file directly; `undefined` where
   * the store has none to give and the file is to be read by `fetch`.
   */
  readonly address: (
    namespace: Namespace,
    name: string,
    answer: { readonly contentType: string; readonly cacheControl: string; readonly seconds: number },
  ) => Promise<string | undefined>;
  readonly remove: (namespace: Namespace, name: string) => Promise<void>;
  /** Writes and removes something small. @throws BespokeError when the store is unavailable or refuses. */
  readonly probe: () => Promise<void>;
  /** A fresh path for a temporary file on the same file system; what a crash leaves there is swept. */
  readonly scratch: (extension: string) => Promise<string>;
}

/** How the pixels are encoded; part of every clip's key. */
export interface Encoding {
  /** Frame size relative to the format's. */
  readonly scale: number;
  readonly crf: number;
  readonly preset: 'ultrafast' | 'superfast' | 'veryfast' | 'faster' | 'fast' | 'medium' | 'slow';
  /** 0 to 100, of the frames that the browser hands to the encoder. */
  readonly jpegQuality: number;
}

/** All that a renderer needs to make one clip, and nothing it could look up elsewhere. */
export interface ClipRender {
  readonly template: string;
  readonly scene: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Names of inputs that may be about a person: messages of errors do not repeat their values. Unset: all. */
  readonly personalInputs?: readonly string[];
  /** Local paths of the images that the inputs name, by hash. */
  readonly images: Readonly<Record<string, string>>;
  readonly format: Format;
  readonly fps: number;
  readonly durationInFrames: number;
  /** Set where the clip shows some frames of a scene: that scene, and its length. */
  readonly excerpt?: Excerpt | undefined;
  readonly encoding: Encoding;
}

/** Names of what a transition is drawn with. */
export interface TransitionCode {
  readonly leaving: string;
  readonly entering: string;
  readonly presentation: string;
}

/** Draws frames. Owns the bundle and the browser; both are made when first needed. */
export interface Renderer {
  /**
   * Identifies what decides a scene's pixels besides its inputs, its own code; of a transition the code of both scenes and
   * of what joins them; without a scene, what decides paths and inputs: the code of the template's contract.
   */
  readonly codeHash: (template: string, scene?: string | TransitionCode) => Promise<string>;
  /** Identifies the engine: Remotion, the encoder and the browser by version. */
  readonly engineVersion: () => Promise<string>;
  /**
   * Renders a clip: its frames to `file`, a silent MP4, and what its components play to a WAV of 48 kHz that is as long
   * as the clip. A clip that takes longer than the time limit is abandoned with its browser.
   *
   * @returns the path of the WAV, which lies beside `file`; `undefined` if the clip plays nothing.
   * @throws BespokeError `clip-timeout`, `browser-crashed` (retryable), `scene-failed` (not).
   */
  readonly renderClip: (
    clip: ClipRender,
    file: string,
    signal: AbortSignal,
    /** Receives each frame as JPEG, in order. */
    onFrame?: (frame: number, jpeg: Buffer) => void,
  ) => Promise<string | undefined>;
  /** Reports one finished video to Remotion's licence service; unset where the deployment has no key. */
  readonly reportVideo: (() => void) | undefined;
  /** One frame as PNG. */
  readonly renderStill: (clip: ClipRender, frame: number, file: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Looks at single frames. */
export interface FrameDrawer {
  /**
   * Draws some frames of a clip, in order, as JPEG, in a page whose clock is ahead by so many days.
   *
   * @throws BespokeError as `renderClip` does.
   */
  readonly drawFrames: (
    clip: ClipRender,
    frames: readonly number[],
    daysAhead: number,
    /** Receives also what a frame plays. */
    onFrame: (frame: number, drawn: { readonly picture: Buffer; readonly sounds: readonly object[] }) => void,
  ) => Promise<void>;
}

/** Receives the frames of one clip and writes the pictures that were wanted of it. */
export interface StillCollector {
  readonly take: (frame: number, jpeg: Buffer) => void;
  /** After the last frame. @param still one of those that were wanted. */
  readonly write: (still: Still, file: string) => Promise<void>;
}

/** A still of kind `strip` as it lies on this machine. */
export interface TeaserStrip {
  readonly file: string;
  /** Pictures in it. */
  readonly count: number;
}

/** A clip on its path. */
export interface ClipPart {
  readonly durationInFrames: number;
  /** A WAV of what its components play, as long as the clip; unset where they play nothing. */
  readonly sound: string | undefined;
}

/** What a clip plays, says and has recordings of, in frames from the beginning of its whole scene. */
export interface SpeakingClip {
  readonly fps: number;
  readonly durationInFrames: number;
  /** The clip's first frame. */
  readonly from: number;
  /** A WAV of what its components play; unset where they play nothing. */
  readonly sound: string | undefined;
  /** What is said, and recordings. */
  readonly lines: readonly (Pick<SpokenLine, 'fromFrame' | 'gain'> &
    Omit<PlayedSound, 'fps'> & {
      /** A WAV. */ readonly file: string;
    })[];
}

/** The way to a voice. */
export interface Speech {
  /** Names the engine, its version and its default voice: from another one, the same text is another sound. */
  readonly identity: () => Promise<string>;
  /** Of a million characters, in whatever currency the operator has set; unset: not known. */
  readonly pricePerMillion: number | undefined;
  /**
   * Speaks a text.
   *
   * @returns a sound file that ffmpeg can read.
   * @throws BespokeError `speech-refused`, or `speech-unavailable` where doing the same again later can succeed.
   */
  readonly speak: (text: SpeechText, signal: AbortSignal) => Promise<Buffer>;
}

/** A sound that is played otherwise than it is. */
export interface PlayedSound extends SoundShape {
  readonly loopInFrames?: number | undefined;
  readonly fps: number;
}

/** Puts clips together and takes pictures from them. Files in, files out. */
export interface Media {
  /** Names of the sounds in a template's folder. */
  readonly soundFiles: (directory: string) => Promise<readonly string[]>;
  /** Identifies the content of a PCM asset, so that a changed sound changes its mixes. */
  readonly soundHash: (directory: string, file: string) => Promise<string>;
  /**
   * Mixes and encodes a path's sound to an M4A. `directory` is the template's folder.
   *
   * @param parts what the path's clips play themselves, in order.
   */
  readonly mix: (mix: Mix, directory: string, file: string, parts?: readonly ClipPart[]) => Promise<void>;
  /** Encodes one PCM asset to an M4A. @param played how, in frames of `fps`; unset: as it is. */
  readonly sound: (sound: string, file: string, played?: PlayedSound) => Promise<void>;
  /**
   * Writes speech as all speech is kept: a WAV of 48 kHz without silence around it, as loud as other speech.
   *
   * @throws BespokeError `speech-refused` for what is no sound, or silent.
   */
  readonly levelSpeech: (sound: Buffer, file: string) => Promise<void>;
  /** How long such speech is, and when each word is said. The same file gives the same times. */
  readonly timeSpeech: (file: string, text: SpeechText) => Promise<Spoken>;
  /** Mixes what a clip says into what it plays, to a WAV that is as long as the clip. */
  readonly speakClip: (clip: SpeakingClip, file: string) => Promise<void>;
  /** Joins clips by stream copy and lays the mix under them. */
  readonly assemble: (clips: readonly string[], mix: string, file: string) => Promise<void>;
  /** Keeps the pictures that are wanted of a clip from its frames as they are drawn. */
  readonly collectStills: (stills: readonly Still[]) => StillCollector;
  /** Takes a picture from a clip that was drawn without it. */
  readonly takeStill: (clip: string, still: Still, fps: number, file: string) => Promise<void>;
  /** Whether two pictures show the same, but for what browsers draw differently now and then. */
  readonly looksAlike: (one: Buffer, other: Buffer) => Promise<boolean>;
  /** Strips, one after another, as an animated GIF under 1 MB. @param rate pictures a second. */
  readonly teaser: (strips: readonly TeaserStrip[], rate: number, file: string) => Promise<void>;
}

const id = z.string().min(1);

/** Work that the queue carries: ids only, never personal data. */
export const jobSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('render-clip'), clip: id }),
  z.object({ name: z.literal('assemble-video'), render: id }),
  /** What a done video still lacks: its poster, its teaser. */
  z.object({ name: z.literal('take-pictures'), render: id }),
  /** A picture that a client wants to see. */
  z.object({ name: z.literal('draw-still'), still: id }),
  /** Single renders and campaigns are planned apart, so that none waits behind a long file. */
  z.object({ name: z.literal('plan-render'), campaign: id }),
  z.object({ name: z.literal('plan-campaign'), campaign: id }),
  /** A part of a cut scene is drawn again, with all that a row's record says. */
  z.object({ name: z.literal('prove-cut'), proof: id }),
  z.object({ name: z.literal('deliver-webhook'), delivery: id, attempt: z.int().min(1) }),
]);
export type Job = Readonly<z.output<typeof jobSchema>>;

export type JobName = Job['name'];

/** 0 is most urgent. */
export type Priority = number;

/** A handler per job name, so that a missing one does not compile. */
export type JobHandlers = {
  readonly [N in JobName]: (job: Extract<Job, { readonly name: N }>, attempt: JobAttempt) => Promise<void>;
};

/** One try at a job, by whichever worker. */
export interface JobAttempt {
  readonly number: number;
  readonly last: boolean;
  /** The code that the attempt before failed with, as the queue remembers it. */
  readonly previousCode: string | undefined;
  readonly signal: AbortSignal;
}

/** A clip that is being drawn. */
export interface DrawnJob {
  readonly clip: string;
  /** Since when this attempt runs. */
  readonly since: Date;
}

/**
 * Carries jobs to workers. At most one job per clip, render, campaign or attempt exists at a time; adding one that waits
 * already only raises its priority. A handler that throws a retryable error is called again with
 * backoff, up to the queue's attempts; anything else ends the job.
 */
export interface JobQueue {
  /** The clips that workers draw now, on all machines. */
  readonly drawn: () => Promise<readonly DrawnJob[]>;
  readonly add: (
    jobs: readonly {
      readonly job: Job;
      readonly priority: Priority;
      readonly delayMs?: number;
      /** Whether this job is new. A new one is not in the queue yet, so its priority need not be raised there. */
      readonly isNew?: boolean;
    }[],
  ) => Promise<void>;
  readonly cancel: (job: Job) => Promise<void>;
  /** Starts taking jobs. @returns a stop: `drain` lets running jobs end, `abort` gives them back. */
  readonly work: (
    handlers: JobHandlers,
    concurrency: Readonly<Record<JobName, number>>,
  ) => Promise<{ readonly stop: (how: 'drain' | 'abort') => Promise<void> }>;
  /** Forgets all jobs, for the one owner of an embedded queue that finds a dead owner's leftovers. */
  readonly reset: () => Promise<void>;
  /** Writes something small. @throws BespokeError when the queue is unavailable or refuses what is written. */
  readonly probe: () => Promise<void>;
  readonly depth: () => Promise<
    Readonly<
      Record<
        JobName,
        {
          readonly waiting: number;
          readonly active: number;
          /** How long the job that is next in line has waited; `undefined` where none waits. */
          readonly oldestMs: number | undefined;
        }
      >
    >
  >;
  readonly close: () => Promise<void>;
}

/** What operators count. Labels are names of templates and scenes, never anything about a person. */
export interface Metrics {
  /** A row has ended. */
  readonly renderEnded: (outcome: 'done' | 'failed' | 'skipped' | 'cancelled') => void;
  /** A row needs a clip that is stored or queued already (`hit`), or that has to be rendered (`miss`). */
  readonly clipWanted: (template: string, scene: string, found: 'hit' | 'miss', count: number) => void;
  readonly clipRendered: (template: string, scene: string, frames: number, seconds: number) => void;
  readonly renderAssembled: (seconds: number) => void;
  readonly browserStarted: (why: 'first' | 'recycled' | 'crashed' | 'timeout') => void;
  readonly webhookAttempted: (outcome: 'delivered' | 'refused' | 'unreachable' | 'given-up') => void;
  /** A voice was given a text, or did not speak it. */
  readonly lineSpoken: (outcome: 'spoken' | 'refused' | 'unavailable', characters: number) => void;
  /** A job was not done within its time limit. */
  readonly jobTimedOut: (kind: JobName) => void;
  /** A part of a cut scene was drawn again; `given-up` where that failed. */
  readonly cutProven: (template: string, scene: string, outcome: 'equal' | 'different' | 'given-up') => void;
  /** How many jobs of this kind still run in this process after their time limit. */
  readonly jobsOverdue: (kind: JobName, jobs: number) => void;
}

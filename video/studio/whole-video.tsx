import type { ComponentType } from 'react';
import { getRemotionEnvironment, Html5Audio, Sequence, Series } from 'remotion';
import { zColor, zTextarea } from '@remotion/zod-types';
import { z } from 'zod';
import { mapLeaves } from '../../data/leaves.ts';
import { moneySchema } from '../../data/parse-money.ts';
import type { AnyRecord, Field, Fields } from '../../data/record.ts';
import type { Images } from '../kit/photo.tsx';
import { bindPath, type ResolvedImages, storyContextOf } from '../story/bind.ts';
import type { BoundScene } from '../story/time-scene.ts';
import type { Variables } from '../story/engine/condition.ts';
import { chosenPlaythrough } from '../story/playthrough.ts';
import type { Format } from '../story/format.ts';
import { pathMix, type Mix } from '../story/path.ts';
import type { SoundShape } from '../story/scene.ts';
import { createMusicLevel, fadeAt, type Span } from '../story/sound-level.ts';
import { excerptOf, heardIn } from '../story/excerpt.ts';
import type { FileSound } from '../story/sounds.ts';
import type { Template } from '../story/template.ts';
import { ClipHost } from './clip-host.tsx';
import { componentOf } from './excerpt.tsx';
import { sampleAudio, sampleImageHash } from '../story/samples.ts';
import type { recordingSchema } from './row-props.ts';

const choicesOf = ({ jsonSchema }: Field): string[] =>
  Array.isArray(jsonSchema['enum']) ? jsonSchema['enum'].map(String) : [];

/** The schema for Studio's editor: field schemas also parse CSV cells, which the editor cannot show. */
function valueSchema(field: Field): z.ZodType {
  switch (field.kind) {
    case 'number':
      return z.number();
    case 'boolean':
      return z.boolean();
    case 'choice':
      return z.enum(choicesOf(field));
    case 'money':
      return moneySchema;
    case 'paragraphs':
      return zTextarea();
    case 'color':
      return zColor();
    case 'date':
      return z.date();
    case 'list':
      return z.array(recordSchema(field.fields ?? {}));
    case 'object':
      return recordSchema(field.fields ?? {});
    case 'text':
    case 'email':
    case 'dateTime':
    case 'time':
    case 'phone':
    case 'image':
    case 'audio':
    case 'locale':
    case 'link':
      return z.string();
    default:
      return field.kind satisfies never;
  }
}

/** Schema of a record for Studio's form. */
export function recordSchema(fields: Fields): z.ZodObject {
  return z.object(
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => {
        const schema = valueSchema(field);
        return [name, field.required ? schema : schema.optional()];
      }),
    ),
  );
}

/**
 * A record as Studio's form edits it: a day is a date there, on the clock of the machine, as the form shows it.
 */
export const formRecord = (fields: Fields, record: AnyRecord): AnyRecord =>
  mapLeaves(fields, record, ({ field, value }) =>
    field.kind === 'date' && typeof value === 'string' ? new Date(`${value}T00:00:00`) : value,
  );

/** The day of a date, on the clock of the machine, as ISO `YYYY-MM-DD`. */
const dayOf = (date: Date): string =>
  [
    String(date.getFullYear()).padStart(4, '0'),
    ...[date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')),
  ].join('-');

/** A value that Studio's form may have edited, as rows have it. */
function valueFrom(value: unknown): unknown {
  if (value instanceof Date) return dayOf(value);
  if (Array.isArray(value)) return value.map(valueFrom);
  return typeof value === 'object' && value !== null ? recordFrom({ ...value }) : value;
}

/** A record that Studio's form may have edited, as rows have it. */
export const recordFrom = (record: AnyRecord): AnyRecord =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, valueFrom(value)]));

/** Props of a whole-video composition: a record from a row or a fixture. */
export interface WholeVideoProps extends Record<string, unknown> {
  readonly record: Readonly<Record<string, unknown>>;
  /** URL of each image field's image; missing fields have none. */
  readonly images: Images;
  /** Recordings of audio fields. */
  readonly audio?: Readonly<Record<string, z.infer<typeof recordingSchema>>> | undefined;
  readonly format: Format;
  /** ISO `YYYY-MM-DD`. */
  readonly asOf: string;
  /** The viewer's decisions, in order, as `chosenPlaythrough` takes them. Default: the viewer only watches. */
  readonly path?: readonly string[];
}

const resolvedImages = ({ images, audio = {} }: WholeVideoProps): ResolvedImages => ({
  ...Object.fromEntries(
    Object.keys(images).map((field) => [field, { kind: 'stored', hash: sampleImageHash(field) }]),
  ),
  ...Object.fromEntries(
    Object.entries(audio).map(([field, { seconds }]) => [field, sampleAudio(field, seconds)]),
  ),
});

/** Recordings of a path as files that are named by their hashes. Those of a cut scene are played from where they begin. */
function recordingsOf({ scenes }: Template, path: readonly BoundScene[]): readonly FileSound[] {
  let start = 0;
  return path.flatMap((bound) => {
    const { scene: name, inputs, durationInFrames } = bound;
    const scene = scenes[name];
    const at = start - (excerptOf(scenes, name, bound)?.from ?? 0);
    const from = start;
    start += durationInFrames;
    return (scene === undefined ? [] : heardIn(inputs, scene)).flatMap(({ hash, atFrame, ...sound }) =>
      at + atFrame < from ? [] : [{ ...sound, file: hash, atFrame: at + atFrame }],
    );
  });
}

/** Addresses of recordings, by hash. */
function recordingUrl({ audio = {} }: WholeVideoProps, hash: string): string | undefined {
  const found = Object.entries(audio).find(([field, { seconds }]) => {
    const input = sampleAudio(field, seconds);
    return input.kind === 'stored' && input.hash === hash;
  });
  return found?.[1].url;
}

/** The path of a whole-video composition. */
export function wholeVideoPath(template: Template, props: WholeVideoProps): readonly BoundScene[] {
  const { record, asOf, path = [] } = props;
  const images = resolvedImages(props);
  return bindPath(template, recordFrom(record), images, { asOf }, chosenPlaythrough(path));
}

const wholeVideoFacts = (template: Template, props: WholeVideoProps): Variables =>
  storyContextOf(template, recordFrom(props.record), resolvedImages(props), { asOf: props.asOf }).facts;

/** A part of a file, as Remotion's players take it. */
const trimOf = ({ trim = {} }: SoundShape, fps: number) => ({
  ...(trim.from !== undefined && { trimBefore: Math.round(trim.from * fps) }),
  ...(trim.to !== undefined && { trimAfter: Math.round(trim.to * fps) }),
});

/** How long a sound is played. Unset: as long as its file. */
function lengthOf({ loopInFrames, trim: { from = 0, to } = {} }: FileSound, fps: number): number | undefined {
  return loopInFrames ?? (to === undefined ? undefined : (to - from) * fps);
}

function SceneSounds({ mix, urlOf }: SoundProps) {
  const { sounds, fps } = mix;
  return sounds.map((sound, index) => {
    const { file, atFrame, gain, loopInFrames, fadeInInFrames: fadeIn = 0, fadeOutInFrames } = sound;
    const url = urlOf(file);
    const length = lengthOf(sound, fps);
    // The end of a whole file is not known here.
    const fades = { length: length ?? Infinity, fadeIn, fadeOut: fadeOutInFrames ?? 0 };
    return url === undefined ? null : (
      <Sequence
        key={index}
        from={atFrame}
        layout="none"
        {...(length !== undefined && { durationInFrames: Math.max(1, Math.round(length)) })}
      >
        <Html5Audio
          src={url}
          loop={loopInFrames !== undefined}
          {...trimOf(sound, fps)}
          volume={(frame) => gain * fadeAt(frame, fades)}
        />
      </Sequence>
    );
  });
}

interface SoundProps {
  readonly mix: Mix;
  readonly urlOf: (file: string) => string | undefined;
}

function Music({ mix, urlOf }: SoundProps) {
  const { soundtrack, durationInFrames, fps, speech = [] } = mix;
  const url = soundtrack === undefined ? undefined : urlOf(soundtrack.file);
  if (soundtrack === undefined || url === undefined) return null;
  const { gain, fadeInInFrames: fadeIn = 0, fadeOutInFrames: fadeOut, underSpeech = 1 } = soundtrack;
  const spoken = speech.map(({ fromFrame, toFrame }): Span => [fromFrame, toFrame]);
  const levelAt = createMusicLevel(spoken, underSpeech, fps);
  const fades = { length: durationInFrames, fadeIn, fadeOut };
  return (
    <Html5Audio
      src={url}
      loop
      {...trimOf(soundtrack, fps)}
      volume={(frame) => gain * levelAt(frame) * fadeAt(frame, fades)}
    />
  );
}

interface PathSoundProps extends Pick<SoundProps, 'urlOf'> {
  readonly template: Template;
  readonly path: readonly BoundScene[];
  readonly props: WholeVideoProps;
}

function PathSound({ template, path, props, urlOf }: PathSoundProps) {
  const mix = pathMix(template, path, wholeVideoFacts(template, props));
  const recordings = { ...mix, sounds: recordingsOf(template, path) };
  return (
    <>
      <Music mix={mix} urlOf={urlOf} />
      <SceneSounds mix={mix} urlOf={urlOf} />
      <SceneSounds mix={recordings} urlOf={(hash) => recordingUrl(props, hash)} />
    </>
  );
}

/**
 * The component of a whole-video composition: the record's path, scene after scene, with the same components as its
 * clips. Sound plays only in Studio; renders mix it separately.
 */
export function makeWholeVideo(
  template: Template,
  components: Readonly<Record<string, ComponentType<Record<string, unknown>>>>,
  soundUrlOf: (file: string) => string | undefined,
): ComponentType<WholeVideoProps> {
  return function WholeVideo(props: WholeVideoProps) {
    const path = wholeVideoPath(template, props);
    const images = Object.fromEntries(
      Object.entries(props.images).map(([field, url]) => [sampleImageHash(field), url]),
    );
    return (
      <ClipHost images={images}>
        <Series>
          {path.map((bound, index) => {
            const { node, inputs, durationInFrames } = bound;
            const Scene = componentOf(template, bound, components);
            return (
              <Series.Sequence key={index} name={node} durationInFrames={durationInFrames}>
                <Scene {...inputs} />
              </Series.Sequence>
            );
          })}
        </Series>
        {getRemotionEnvironment().isStudio ? (
          <PathSound template={template} path={path} props={props} urlOf={soundUrlOf} />
        ) : null}
      </ClipHost>
    );
  };
}

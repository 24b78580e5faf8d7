import type { ComponentType } from 'react';
import { getRemotionEnvironment, Html5Audio, interpolate, Sequence, Series } from 'remotion';
import { zColor, zTextarea } from '@remotion/zod-types';
import { z } from 'zod';
import { mapLeaves } from '../../data/leaves.ts';
import { moneySchema } from '../../data/parse-money.ts';
import type { AnyRecord, Field, Fields } from '../../data/record.ts';
import type { Images } from '../kit/photo.tsx';
import { bindPath, type BoundScene } from '../story/bind.ts';
import { chosenPlaythrough } from '../story/playthrough.ts';
import type { Format } from '../story/format.ts';
import { pathMix, type Mix } from '../story/path.ts';
import type { Template } from '../story/template.ts';
import { ClipHost } from './clip-host.tsx';
import { componentOf } from './excerpt.tsx';
import { sampleImageHash } from '../story/samples.ts';

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
  readonly format: Format;
  /** ISO `YYYY-MM-DD`. */
  readonly asOf: string;
  /** The viewer's decisions, in order, as `chosenPlaythrough` takes them. Default: the viewer only watches. */
  readonly path?: readonly string[];
}

/** The path of a whole-video composition. */
export function wholeVideoPath(
  template: Template,
  { record, images, asOf, path = [] }: WholeVideoProps,
): readonly BoundScene[] {
  const resolved = Object.entries(images).map(
    ([field]) => [field, { kind: 'stored', hash: sampleImageHash(field) }] as const,
  );
  return bindPath(
    template,
    recordFrom(record),
    Object.fromEntries(resolved),
    { asOf },
    chosenPlaythrough(path),
  );
}

function Sound({ mix, urlOf }: { readonly mix: Mix; readonly urlOf: (file: string) => string | undefined }) {
  const { soundtrack, sounds, durationInFrames } = mix;
  const music = soundtrack === undefined ? undefined : urlOf(soundtrack.file);
  return (
    <>
      {soundtrack !== undefined && music !== undefined ? (
        <Html5Audio
          src={music}
          loop
          volume={(frame) =>
            soundtrack.gain *
            interpolate(
              frame,
              [durationInFrames - Math.max(1, soundtrack.fadeOutInFrames), durationInFrames],
              [1, 0],
              { extrapolateLeft: 'clamp', extrapolateRight: 'clamp' },
            )
          }
        />
      ) : null}
      {sounds.map(({ file, atFrame, gain }, index) => {
        const url = urlOf(file);
        return url === undefined ? null : (
          <Sequence key={index} from={atFrame} layout="none">
            <Html5Audio src={url} volume={gain} />
          </Sequence>
        );
      })}
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
          <Sound mix={pathMix(template, path)} urlOf={soundUrlOf} />
        ) : null}
      </ClipHost>
    );
  };
}

import { leavesOf } from '../../data/leaves.ts';
import { type AnyRecord, type Field, type Fields, isFetched, settingFields } from '../../data/record.ts';

/** A named sample record. `images` says which image fields resolve, to files of `fixtures/`. */
export interface Fixture<R = AnyRecord> {
  readonly record: R;
  readonly images: Readonly<Record<string, string>>;
  /** Which `audio` fields have a recording, and how long it is. Studio plays `file`, of `fixtures/`. */
  readonly audio?: Readonly<Record<string, { readonly seconds: number; readonly file?: string }>>;
}

/** The fixtures that every template has; designers may add more. */
export type FixtureName =
  'typical' | 'empty-optionals' | 'longest' | 'right-to-left' | 'emoji-and-cjk' | 'missing-image';

/** What people write that a design must stand, by fixture. */
const samples: Readonly<
  Record<Exclude<FixtureName, 'empty-optionals'>, Readonly<{ text?: string; locale: string }>>
> = {
  typical: { locale: 'en-GB' },
  longest: { text: 'Maximiliane-Friederike Konstantinopolitanissima von Hohenburg', locale: 'de-DE' },
  'right-to-left': { text: 'عبد الرحمن', locale: 'ar-EG' },
  'emoji-and-cjk': { text: '美咲 👩🏽‍🚀', locale: 'ja-JP' },
  'missing-image': { locale: 'en-GB' },
};

/** The first of some texts that a field accepts, as its value. */
function firstAccepted({ parse, fallback }: Field, texts: readonly (string | undefined)[]): unknown {
  for (const text of texts) {
    const parsed = text === undefined ? undefined : parse(text);
    if (parsed?.ok === true) return parsed.value;
  }
  return fallback;
}

/** As many items as a design must stand, and a few for usual people. */
const itemCounts = { usual: 2, longest: 12 };

function sampleParts(field: Field, fields: Fields, name: keyof typeof samples): unknown {
  const part = (): AnyRecord =>
    Object.fromEntries(Object.entries(fields).map(([own, each]) => [own, sampleValue(each, name)]));
  if (field.kind !== 'list') return part();
  const { min = 0, max = Infinity } = field.items ?? {};
  const wanted = name === 'longest' ? itemCounts.longest : itemCounts.usual;
  return Array.from({ length: Math.min(max, Math.max(min, wanted)) }, part);
}

function sampleValue(field: Field, name: keyof typeof samples): unknown {
  if (field.setting === true && field.fallback !== undefined) return field.fallback;
  const { text, locale } = samples[name];
  const { kind, example, jsonSchema } = field;
  if (field.fields !== undefined) return sampleParts(field, field.fields, name);
  if (isFetched(field)) return name === 'missing-image' ? undefined : firstAccepted(field, [example]);
  if (kind === 'locale') return firstAccepted(field, [locale, example]);
  if (kind === 'text' || kind === 'paragraphs') {
    const short = text?.slice(0, Number(jsonSchema['maxLength'] ?? text.length)).trim();
    return firstAccepted(field, [short, example]);
  }
  const { enum: choices } = jsonSchema;
  const longest = Array.isArray(choices)
    ? choices.map(String).toSorted((a, b) => b.length - a.length)[0]
    : undefined;
  return firstAccepted(field, [name === 'longest' ? longest : undefined, example]);
}

/** The campaign's date for fixtures. */
export const sampleAsOf = '2026-01-15';

/** How long recordings are that a design must stand, in seconds, and those of usual people. */
const recordings = { usual: 4, longest: 30 };

/** A sample person for each fixture that every template has, made from what the fields are. */
export function fixturesFrom(record: Fields): Readonly<Record<FixtureName, Fixture>> {
  const recordOf = (valueOf: (field: Field) => unknown, seconds = recordings.usual): Fixture => {
    const values = Object.entries(record).map(([name, field]) => [name, valueOf(field)] as const);
    const spoken = leavesOf(record, Object.fromEntries(values)).flatMap(({ path, field, value }) =>
      field.kind === 'audio' && value !== undefined ? [[path, { seconds }] as const] : [],
    );
    const audio = Object.fromEntries(spoken);
    return { record: Object.fromEntries(values), images: {}, ...(spoken.length > 0 && { audio }) };
  };
  const sample = (name: keyof typeof samples): Fixture =>
    recordOf((field) => sampleValue(field, name), recordings[name === 'longest' ? name : 'usual']);
  return {
    typical: sample('typical'),
    'empty-optionals': recordOf((field) => (field.required ? sampleValue(field, 'typical') : field.fallback)),
    longest: sample('longest'),
    'right-to-left': sample('right-to-left'),
    'emoji-and-cjk': sample('emoji-and-cjk'),
    'missing-image': sample('missing-image'),
  };
}

/** Fixtures whose records have also the settings that they leave out. */
export function withUsualSettings<N extends string>(
  record: Fields,
  fixtures: Readonly<Record<N, Fixture>>,
): Readonly<Record<N, Fixture>> {
  const usual = Object.entries(settingFields(record)).map(
    ([name, { fallback }]) => [name, fallback] as const,
  );
  if (usual.length === 0) return fixtures;
  const entries = Object.entries<Fixture>(fixtures).map(([name, fixture]) => [
    name,
    { ...fixture, record: { ...Object.fromEntries(usual), ...fixture.record } },
  ]);
  return Object.fromEntries(entries) as Readonly<Record<N, Fixture>>;
}

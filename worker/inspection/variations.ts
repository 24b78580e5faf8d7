import type { z } from 'zod';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import { absentImage, audioInput, imageInput, storedAudio } from '../../video/story/scene.ts';

/** A picture that no template brings: `renderClip` gets it from a file of this name. */
export const otherPicture = { kind: 'stored', hash: '0'.repeat(63) + '1' } as const;

/** A recording that no template brings. */
const otherRecording = storedAudio(`audio-1700-${'0'.repeat(63)}1`);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function otherTexts(text: string): readonly string[] {
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) return [`1987-10-28${text.slice(10)}`, `2031-02-03${text.slice(10)}`];
  if (/^\d{2}:\d{2}/.test(text)) return [`23:58${text.slice(5)}`, `04:07${text.slice(5)}`];
  if (/^#[\da-f]{6}$/i.test(text)) return ['#12c48a', '#b01e5a'];
  if (/^https?:/.test(text)) return ['https://example.com/other'];
  return ['Al', 'Maximiliane Hohenberger', `${text} ${text}`];
}

/** Other values of the same kind, whether or not the schema takes them. */
function otherValues(value: unknown): readonly unknown[] {
  if (audioInput.safeParse(value).success && !imageInput.safeParse(value).success)
    return [otherRecording, absentImage];
  if (imageInput.safeParse(value).success) return [otherPicture, absentImage, otherRecording];
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1, value * 10 + 3, 0, 1, value - 1];
  if (typeof value === 'string') return otherTexts(value);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const changed = items.flatMap((item, index) =>
      otherValues(item)
        .slice(0, 1)
        .map((other) => items.with(index, other)),
    );
    return [...changed.slice(0, 3), items.slice(0, -1), [...items, ...items]];
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    otherValues(part)
      .slice(0, 2)
      .map((other) => ({ ...value, [name]: other })),
  );
}

/** The choices of a schema, if it lists them. */
function choicesOf(schema: z.ZodType): readonly unknown[] {
  const { enum: listed } = schema.toJSONSchema({ unrepresentable: 'any', io: 'output' });
  return Array.isArray(listed) ? listed : [];
}

const most = { samples: 2, inAll: 4, choices: 8 };

/**
 * Values that an input may have instead of `value`: of its choices all, else some of the samples, then made ones of the
 * same kind. All are accepted by its schema.
 */
export function variationsOf(
  schema: z.ZodType,
  value: unknown,
  samples: readonly unknown[],
): readonly unknown[] {
  const different = (others: readonly unknown[]): readonly unknown[] => {
    const seen = new Set([canonicalJson(value ?? null)]);
    return others.filter((other) => {
      const name = canonicalJson(other ?? null);
      if (seen.has(name) || !schema.safeParse(other).success) return false;
      seen.add(name);
      return true;
    });
  };
  const choices = different(choicesOf(schema));
  if (choices.length > 0) return choices.slice(0, most.choices);
  const known = different(samples).slice(0, most.samples);
  return different([...known, ...otherValues(value)]).slice(0, most.inAll);
}

import type { Field } from './record.ts';

/** What a field reads from a value, or why it refuses it. */
export function readField<T>(field: Field<T>, value: unknown): unknown {
  const parsed = field.parse(value);
  return parsed.ok ? parsed.value : parsed.reason;
}

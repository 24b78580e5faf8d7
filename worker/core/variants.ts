import { storyContextOf, type Variant } from '../../video/story/bind.ts';
import type { Playthrough } from '../../video/story/playthrough.ts';
import { tryTemplate } from '../../video/story/template-code.ts';
import type { Template } from '../../video/story/template.ts';
import type { Hmac } from './hmac.ts';
import { drawUniform } from './holdout.ts';
import { createPlanner, type PlanContext, type Planner } from './plan-render.ts';

/** Variants of a story between which customers are divided, so that they can be compared. */
export interface Variants {
  /** Boolean facts or audience segments of the template, two or more, in alphabetical order. */
  readonly names: readonly string[];
  /** Orders with the same key and as many variants divide the same customers in the same way. */
  readonly key: string;
}

/**
 * The variant that a customer is assigned to, each with the same probability. Deterministic, and independent of
 * everything that is known of the customer and of whether they are held out.
 *
 * @param person HMAC of the customer's id; a row that names nobody is assigned to none.
 */
export function variantFor(
  hmac: Hmac,
  { names, key }: Variants,
  person: string | undefined,
): Variant | undefined {
  if (person === undefined) return undefined;
  const name = names[Math.floor(drawUniform(hmac, 'variant', key, person) * names.length)];
  return name === undefined ? undefined : { name, of: names };
}

/**
 * Makes one planner for each variant, and one for rows that are assigned to none.
 *
 * @returns the planner for a person, by the HMAC of their id.
 */
export function createPlanners(
  context: PlanContext,
  hmac: Hmac,
  variants: Variants | undefined,
  playthrough?: Playthrough,
): (person: string | undefined) => Planner {
  const plain = createPlanner(context, hmac, playthrough);
  if (variants === undefined) return () => plain;
  const byName = new Map(
    variants.names.map((name) => {
      const variant = { name, of: variants.names };
      return [name, createPlanner({ ...context, variant }, hmac, playthrough)] as const;
    }),
  );
  return (person) => byName.get(variantFor(hmac, variants, person)?.name ?? '') ?? plain;
}

/** The type of a fact does not depend on the day. */
const anyDay = '2026-01-01';

/** Names that a template's variants can have: its audience segments, and facts that are true or false in all fixtures. */
export function variantNames(template: Template): readonly string[] {
  const facts = Object.values(template.fixtures).flatMap(({ record }) => {
    const context = tryTemplate(() => storyContextOf(template, record, {}, { asOf: anyDay }));
    return context.ok ? [context.value.facts] : [];
  });
  const isBoolean = (name: string): boolean =>
    facts.length > 0 && facts.every((each) => typeof each[name] === 'boolean');
  return [...Object.keys(template.segments), ...Object.keys(template.facts).filter(isBoolean)];
}

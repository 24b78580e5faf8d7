/** What a template's contract is written with. */
import type { Fields } from '../data/record.ts';
import { kitGlyphs } from './kit/fonts/coverage.ts';
import { withCuts } from './story/cuts.ts';
import type { Condition } from './story/engine/condition.ts';
import type { Scene } from './story/scene.ts';
import {
  completeTemplate,
  type Declarations,
  type FactRecord,
  type Facts,
  type TemplateDefinition,
  type TypedTemplate,
} from './story/template.ts';
import { withTransitions } from './story/transitions.ts';

export { checkRecord } from '../data/check-record.ts';
export {
  boolean,
  choice,
  color,
  dateTime,
  email,
  audioUrl,
  imageUrl,
  isoDate,
  linkUrl,
  locale,
  number,
  paragraphs,
  phone,
  text,
  time,
} from '../data/fields.ts';
export type { Meaning } from '../data/known-headers.ts';
export { money } from '../data/money-field.ts';
export { list, object } from '../data/nested-fields.ts';
export { setting } from '../data/settings.ts';
export { sum, sumMoney, top } from '../data/totals.ts';
export { moneySchema as moneyInput } from '../data/parse-money.ts';
export type { Field, Fields, RecordOf } from '../data/record.ts';
export { contrast } from './kit/contrast.ts';
export { kitGlyphs } from './kit/fonts/coverage.ts';
export { formatCompact, formatDate, formatNumber, monthName } from './kit/locale-format.ts';
export { bindPath } from './story/bind.ts';
export type { Choice, Edges, Hotspot, Link } from './story/engine/graph.ts';
export type { Fixture, FixtureName } from './story/fixtures.ts';
export { areasOf, type Format, type Ratio } from './story/format.ts';
export { localeDirection, type Direction } from './story/locale-direction.ts';
export type { SceneComponents } from './story/registry.ts';
export {
  audioInput,
  type AudioInput,
  defineScene,
  imageInput,
  type ImageInput,
  type Scene,
  type SceneSound,
} from './story/scene.ts';
export type { SceneLine, SpokenLine, SpokenWord } from './story/speech.ts';
export { defineFacts, type GlyphCoverage, type Template } from './story/template.ts';

/**
 * Declares a template. What it leaves out has a default: the story is its scenes in order, each input shows the field of
 * the same name, and texts are drawn with the fonts of the kit.
 *
 * @throws ZodError when the story does not have its shape, BespokeError `template-invalid` when an id, a format, the fps
 * the binding of an input, a cut or a transition cannot be used.
 */
export function defineTemplate<
  F extends Fields,
  A extends Facts<FactRecord<F>>,
  G extends Readonly<Record<string, Condition>>,
  S extends Readonly<Record<string, Scene>>,
  const W extends Declarations = Declarations,
>(definition: TemplateDefinition<F, A, G, S, W>): TypedTemplate<F, S> {
  return withTransitions(withCuts(completeTemplate(definition, kitGlyphs), definition.cuts));
}

import { z } from 'zod';
import { isFormat, ratios } from './format.ts';

/*
 * The shape of a story as JSON. The engine infers its types from these schemas (`engine/condition.ts`,
 * `engine/graph.ts`); viewers' browsers load the engine without zod.
 */

/** What a schema's values are, read-only to any depth. */
export type Infer<S extends z.ZodType> = ReadonlyDeep<z.infer<S>>;

type ReadonlyDeep<T> = T extends object ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> } : T;

/** A format of a video. */
export const formatSchema = z
  .union([
    z.enum(ratios),
    z.templateLiteral([z.int(), 'x', z.int()]).refine(isFormat, {
      message: 'must have even sides of 16 to 7680 pixels',
    }),
  ])
  .meta({ description: 'Width to height, or both in pixels.', examples: ['16:9', '1080x1350'] });

const value = z.union([z.string(), z.number(), z.boolean()]);
const fromVariable = z.strictObject({ var: z.string() });

export const operandSchema = z.union([
  // With `item`: a part of an object, or that part of each item of a list.
  z.strictObject({ var: z.string(), item: z.string().optional() }),
  z.strictObject({ visits: z.string() }),
  // How many items a list has, or characters a text.
  z.strictObject({ length: z.string() }),
  value,
]);
const pair = z.tuple([operandSchema, operandSchema]);

export const conditionSchema = z.union([
  z.strictObject({
    get all() {
      return z.array(conditionSchema);
    },
  }),
  z.strictObject({
    get any() {
      return z.array(conditionSchema);
    },
  }),
  z.strictObject({
    get not() {
      return conditionSchema;
    },
  }),
  z.strictObject({ eq: pair }),
  z.strictObject({ lt: pair }),
  z.strictObject({ lte: pair }),
  z.strictObject({ gt: pair }),
  z.strictObject({ gte: pair }),
  // Between two days.
  z.strictObject({ before: pair }),
  z.strictObject({ after: pair }),
  // Whether a text contains another, or a list a value.
  z.strictObject({ contains: pair }),
  z.strictObject({ in: z.tuple([operandSchema, z.array(value)]) }),
  z.strictObject({ present: z.string() }),
  z.strictObject({ visited: z.string() }),
]);

/** Any JSON; code that reads it checks it. */
const constant: z.ZodType = z.json();

const binding = z.union([
  z.strictObject({
    var: z.string(),
    /** Of a list: a field of one of its items, instead of the whole list. */
    item: z.string().optional(),
    /** Which item, from 0. A node with `each` is one node for each item, and binds to its own. */
    at: z.int().min(0).optional(),
  }),
  z.strictObject({ value: constant }),
]);

export const bindingsSchema = z.record(z.string(), binding);

export const transitionSchema = z.strictObject({
  /** A presentation of `@remotion/transitions`, such as `fade`, or one of the template's own. */
  presentation: z.string(),
  /** So many frames of both scenes are shown at the same time. */
  frames: z.int().min(1),
  /** Of the presentation. */
  props: z.record(z.string(), constant).optional(),
  /** Default: `linear`. */
  timing: z.enum(['linear', 'ease-in', 'ease-out', 'ease-in-out', 'spring']).optional(),
});

export const edgeSchema = z.strictObject({
  when: conditionSchema.optional(),
  to: z.string(),
  /** Between two nodes that show scenes. Unset: a cut. */
  transition: transitionSchema.optional(),
});

export const edgesSchema = z.union([z.string(), z.array(edgeSchema).min(1)]);

export const effectSchema = z.union([
  z.strictObject({ set: z.string(), to: z.union([value, fromVariable]) }),
  z.strictObject({ add: z.string(), by: z.number() }),
  z.strictObject({ toggle: z.string() }),
]);

export const choiceSchema = z.strictObject({
  /** Unique in its node. */
  id: z.string(),
  label: z.string(),
  /** What screen readers say instead of the label. */
  accessibleLabel: z.string().optional(),
  /** A file of the template that shows the choice. */
  picture: z.string().optional(),
  to: edgesSchema,
  effects: z.array(effectSchema).optional(),
  /** Enabled only while this holds. */
  when: conditionSchema.optional(),
  /** Enabled only until it was taken. */
  once: z.boolean().optional(),
  /** Whether viewers see the choice while it is not enabled. Default: `hide`. */
  whenDisabled: z.enum(['hide', 'show']).optional(),
  /** A later `return` leads back to this node. */
  comesBack: z.boolean().optional(),
  /** The name used in analytics. Default: the id. */
  analytics: z.string().optional(),
  /** The key that takes the choice, as a `KeyboardEvent.key`. */
  key: z.string().optional(),
});

const frame = z.int().min(0);

const windowSchema = z.strictObject({
  /** Default: 0. */
  appearsAtFrame: frame.optional(),
  /** From this frame on no choice can be taken; a node that waits then continues. Default: never. */
  locksAtFrame: frame.optional(),
});

export const decisionSchema = windowSchema.extend({
  /** What happens if the viewer does nothing. Default: `next`; without a `next` the scene waits at its end. */
  default: z
    .union([z.strictObject({ choice: z.string() }), z.literal('first-enabled'), z.literal('repeat')])
    .optional(),
  /** When a taken choice leads to its target. Default: `end` for a scene, `now` for a node that waits. */
  switchAt: z.enum(['end', 'now']).optional(),
});

export const areaSchema = z.strictObject({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
});

export const hotspotSchema = z.strictObject({
  choice: z.string(),
  areas: z.partialRecord(formatSchema, areaSchema),
  /** Default: 0. */
  fromFrame: frame.optional(),
  /** Exclusive. Default: as long as the node is shown. */
  toFrame: frame.optional(),
});

export const questionSchema = z.strictObject({
  label: z.string(),
  accessibleLabel: z.string().optional(),
  variable: z.string(),
  /** Labels of the answers: one for each value of a choice, or of a boolean. */
  options: z
    .array(z.strictObject({ value, label: z.string(), accessibleLabel: z.string().optional() }))
    .optional(),
  /** Whether viewers may continue without an answer. */
  optional: z.boolean().optional(),
  /** The value set if the viewer does not answer. Default: the variable keeps its value. */
  otherwise: value.optional(),
});

/** Where and when the picture shows a button. */
const buttonSchema = z.strictObject({
  areas: z.partialRecord(formatSchema, areaSchema),
  /** Default: 0. */
  fromFrame: frame.optional(),
  /** Exclusive. Default: as long as the node is shown. */
  toFrame: frame.optional(),
});

export const linkSchema = z.strictObject({
  /** Default: the page's own words for a page, a call or a mail. */
  label: z.string().optional(),
  /** Of the label, a BCP 47 tag. Default: that of the story's words. */
  language: z.string().optional(),
  accessibleLabel: z.string().optional(),
  /** An address of one of the story's `links`, or one that begins with `tel:` or `mailto:`. */
  to: z.string(),
  /** A record field of kind `link`: where the record has an address, it leads there instead. */
  field: z.string().optional(),
  /** Parameters that are added to web addresses and mails. */
  query: z.record(z.string(), z.union([fromVariable, z.strictObject({ value: constant })])).optional(),
  button: buttonSchema.optional(),
});

/** A link for all videos of a campaign. Parameters of its own stay. */
export const campaignLinkSchema = z.strictObject({
  to: z.string().meta({ description: 'Where it leads.', examples: ['https://shop.example.com/offer'] }),
  label: z
    .union([z.string(), z.record(z.string(), z.string())])
    .optional()
    .meta({
      description: 'What it says, by language where there are several. Default: as the template says.',
      examples: ['See the offer'],
    }),
  query: z
    .record(z.string(), z.string())
    .optional()
    .meta({ description: 'Parameters that are added.', examples: [{ utm_source: 'video' }] }),
});

const declared = {
  /** Who sets the value: the record (then it is read-only), the viewer, or the story itself. */
  source: z.enum(['record', 'viewer', 'session']),
  /** Whether the value is about one person. Default: true for `viewer`, false for `session`. */
  personal: z.boolean().optional(),
  /** Where the value goes when the session is over. Default: `none`. */
  writeBack: z
    .union([z.enum(['none', 'session']), z.strictObject({ field: z.string(), purpose: z.string() })])
    .optional(),
  /** The variable's name for viewers. */
  label: z.string().optional(),
};

export const variableSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...declared,
    type: z.literal('boolean'),
    initial: z.union([z.boolean(), fromVariable]).optional(),
  }),
  z.strictObject({
    ...declared,
    type: z.literal('number'),
    min: z.number(),
    max: z.number(),
    integer: z.boolean().optional(),
    initial: z.union([z.number(), fromVariable]).optional(),
  }),
  z.strictObject({
    ...declared,
    type: z.literal('choice'),
    values: z.array(z.string()),
    initial: z.union([z.string(), fromVariable]).optional(),
  }),
  z.strictObject({
    ...declared,
    type: z.literal('text'),
    maxLength: z.int(),
    initial: z.union([z.string(), fromVariable]).optional(),
  }),
]);

export const nodeViewSchema = z.strictObject({ scene: z.string(), inputs: bindingsSchema });

const shown = {
  ...nodeViewSchema.shape,
  /** Shown while the own view is being rendered; must not read a viewer's answer. */
  generic: nodeViewSchema.optional(),
};
const choosing = {
  ...shown,
  decision: decisionSchema.optional(),
  hotspots: z.array(hotspotSchema).optional(),
  next: edgesSchema.optional(),
};

/** What the clip does when it has ended and the viewer has not decided. */
const waiting = z.enum(['loop', 'hold']);

export const nodeSchema = z.discriminatedUnion('type', [
  // Plays to its end, with or without choices.
  z.strictObject({
    ...choosing,
    type: z.literal('scene'),
    choices: z.array(choiceSchema).optional(),
    /** A list of the record, or a fact that is one: the node is shown once for each of its items. */
    each: z.string().optional(),
  }),
  // Waits for the viewer's choice; skipped by `next` when none of its choices is enabled.
  z.strictObject({ ...choosing, type: z.literal('hub'), while: waiting, choices: z.array(choiceSchema) }),
  // Waits for the answer to one question.
  z.strictObject({
    ...shown,
    type: z.literal('form'),
    while: waiting,
    question: questionSchema,
    decision: windowSchema.optional(),
    next: edgesSchema,
  }),
  // Plays like a scene, with a link.
  z.strictObject({
    ...choosing,
    type: z.literal('cta'),
    link: linkSchema,
    choices: z.array(choiceSchema).optional(),
  }),
  // Picks an edge and shows nothing.
  z.strictObject({ type: z.literal('router'), next: edgesSchema }),
  // Goes to a branch; when the branch reaches a `return`, the story continues with `next`.
  z.strictObject({ type: z.literal('detour'), to: z.string(), next: edgesSchema }),
  // Goes back to the last detour, or to the last choice that comes back, whichever was later.
  z.strictObject({ type: z.literal('return') }),
  z.strictObject({ type: z.literal('end') }),
]);

/** `{ item: 'name' }` at a node with `each: 'products'` as `{ var: 'products', item: 'name' }`. */
function nameLists(story: unknown): unknown {
  const authored = z.looseObject({ nodes: z.record(z.string(), z.unknown()) }).safeParse(story);
  if (!authored.success) return story;
  const nodes = Object.entries(authored.data.nodes).map(([name, node]) => [name, nameList(node)] as const);
  return { ...authored.data, nodes: Object.fromEntries(nodes) };
}

const eachNode = z.looseObject({
  each: z.string(),
  inputs: z.record(z.string(), z.unknown()),
  generic: z.looseObject({ inputs: z.record(z.string(), z.unknown()) }).optional(),
});
const ofItem = z.strictObject({ item: z.string() });

function nameList(node: unknown): unknown {
  const authored = eachNode.safeParse(node);
  if (!authored.success) return node;
  const { each, inputs, generic } = authored.data;
  const named = (bindings: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(bindings).map(([input, binding]) => {
        const own = ofItem.safeParse(binding);
        return [input, own.success ? { var: each, ...own.data } : binding];
      }),
    );
  return {
    ...authored.data,
    inputs: named(inputs),
    ...(generic !== undefined && { generic: { ...generic, inputs: named(generic.inputs) } }),
  };
}

const storyShape = z.strictObject({
  version: z.literal(2, { error: 'A story must have version 2.' }),
  start: z.string(),
  variables: z.record(z.string(), variableSchema).default({}),
  /** Origins, such as `https://shop.example.com`, that calls to action may lead to. */
  links: z.array(z.string()).default([]),
  nodes: z.record(z.string(), nodeSchema),
});

export const storySchema = z.preprocess<unknown, typeof storyShape, z.input<typeof storyShape>>(
  nameLists,
  storyShape,
);

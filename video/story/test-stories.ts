import fc from 'fast-check';
import type { Condition, Value, Variables } from './engine/condition.ts';
import type {
  Choice,
  Decision,
  Edge,
  Edges,
  Effect,
  Story,
  StoryNode,
  VariableDeclaration,
} from './engine/graph.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
const target = fc.constantFrom(...names);

/** The variables of every generated story. */
const testVariables: Readonly<Record<string, VariableDeclaration>> = {
  flag: { type: 'boolean', source: 'session', initial: false },
  count: { type: 'number', source: 'viewer', min: 0, max: 3, integer: true, initial: 0 },
  taste: { type: 'choice', source: 'viewer', values: ['sweet', 'salty'] },
};

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.boolean().map((value): Condition => ({ eq: [{ var: 'flag' }, value] })),
  fc.integer({ min: 0, max: 3 }).map((value): Condition => ({ lt: [{ var: 'count' }, value] })),
  fc.constant<Condition>({ eq: [{ var: 'taste' }, 'salty'] }),
  fc.constant<Condition>({ present: 'taste' }),
  fc.constantFrom('Basic', 'Plus').map((value): Condition => ({ eq: [{ var: 'plan' }, value] })),
  target.map((visited): Condition => ({ visited })),
  fc
    .tuple(target, fc.integer({ min: 1, max: 3 }))
    .map(([visits, times]): Condition => ({ lt: [{ visits }, times] })),
);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 3, arbitrary: leaf },
  { weight: 1, arbitrary: leaf.map((not): Condition => ({ not })) },
  { weight: 1, arbitrary: fc.array(leaf, { minLength: 1, maxLength: 2 }).map((all): Condition => ({ all })) },
  { weight: 1, arbitrary: fc.array(leaf, { minLength: 1, maxLength: 2 }).map((any): Condition => ({ any })) },
);

const guarded: fc.Arbitrary<Edge> = fc.record({ when: condition, to: target });
const edges: fc.Arbitrary<Edges> = fc.oneof(
  { weight: 3, arbitrary: target },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.array(guarded, { maxLength: 2 }), target).map(([some, to]) => [...some, { to }]),
  },
  { weight: 1, arbitrary: fc.array(guarded, { minLength: 1, maxLength: 2 }) },
);

const effect: fc.Arbitrary<Effect> = fc.oneof(
  fc.boolean().map((to): Effect => ({ set: 'flag', to })),
  fc.constant<Effect>({ toggle: 'flag' }),
  fc.constantFrom(-1, 1).map((by): Effect => ({ add: 'count', by })),
  fc.constantFrom('sweet', 'salty').map((to): Effect => ({ set: 'taste', to })),
);

const often = { freq: 2 } as const;
const choice = (id: string): fc.Arbitrary<Choice> =>
  fc.record(
    {
      id: fc.constant(id),
      label: fc.constant(`Take ${id}`),
      to: edges,
      effects: fc.array(effect, { maxLength: 2 }),
      when: fc.option(condition, { ...often, nil: undefined }),
      once: fc.boolean(),
      comesBack: fc.boolean(),
    },
    { requiredKeys: ['id', 'label', 'to'] },
  );
const choices = fc
  .tuple(choice('one'), choice('two'), fc.integer({ min: 0, max: 2 }))
  .map(([one, two, many]) => [one, two].slice(0, many));

const decision: fc.Arbitrary<Decision> = fc.record(
  {
    appearsAtFrame: fc.constantFrom(0, 10),
    locksAtFrame: fc.constantFrom(20, 40),
    default: fc.constantFrom('first-enabled' as const, 'repeat' as const, { choice: 'one' }),
    switchAt: fc.constantFrom('end' as const, 'now' as const),
  },
  { requiredKeys: [] },
);

const view = { scene: fc.constant('plain'), inputs: fc.constant({}) };
const waiting = fc.constantFrom('loop' as const, 'hold' as const);
const node: fc.Arbitrary<StoryNode> = fc.oneof(
  fc.record(
    { ...view, type: fc.constant('scene' as const), choices, decision, next: edges },
    { requiredKeys: ['scene', 'inputs', 'type'] },
  ),
  fc.record(
    { ...view, type: fc.constant('hub' as const), while: waiting, choices, decision, next: edges },
    { requiredKeys: ['scene', 'inputs', 'type', 'while', 'choices'] },
  ),
  fc.record({
    ...view,
    type: fc.constant('form' as const),
    while: waiting,
    question: fc.record(
      {
        label: fc.constant('Which?'),
        variable: fc.constantFrom('count', 'taste'),
        optional: fc.boolean(),
      },
      { requiredKeys: ['label', 'variable'] },
    ),
    next: edges,
  }),
  fc.record({ type: fc.constant('router' as const), next: edges }),
  fc.record({ type: fc.constant('detour' as const), to: target, next: edges }),
  fc.constant<StoryNode>({ type: 'return' }),
  fc.constant<StoryNode>({ type: 'end' }),
);

const numbered = (nodes: readonly StoryNode[]): Story['nodes'] =>
  Object.fromEntries(names.flatMap((name, index) => (nodes[index] ? [[name, nodes[index]]] : [])));

/** Stories of seven nodes, most of them wrong in some way. */
export const anyStory: fc.Arbitrary<Story> = fc
  .array(node, { minLength: names.length - 1, maxLength: names.length - 1 })
  .map((nodes) => ({
    version: 2,
    start: 'a',
    variables: testVariables,
    links: [],
    nodes: numbered([...nodes, { type: 'end' }]),
  }));

/** What records of generated stories hold. */
export const anyFacts: fc.Arbitrary<Variables> = fc.record({ plan: fc.constantFrom('Basic', 'Plus') });

/** Every value of a generated story's variables. */
export function testSamples(_: string, declaration: VariableDeclaration): readonly Value[] {
  switch (declaration.type) {
    case 'boolean':
      return [false, true];
    case 'choice':
      return declaration.values;
    case 'number':
      return [0, 1, 2, 3];
    case 'text':
      return ['Ada'];
    default:
      return declaration satisfies never;
  }
}

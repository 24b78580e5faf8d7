import type { Value } from '../engine/condition.ts';
import type { PlacedEvent } from '../engine/events.ts';
import { isShown, type VariableDeclaration } from '../engine/graph.ts';
import { enabledChoices, nodeOf, type Walk, type World } from '../engine/walk.ts';
import { member } from '../engine/condition.ts';

/** Values of a variable that stand for all of its values. */
export type SampleValues = (variable: string, declaration: VariableDeclaration) => readonly Value[];

/**
 * What could happen next where a walk stands, told to the engine: every enabled choice, sample answers,
 * and silence. Empty at an end only. What the engine refuses is no move.
 */
export function viewerMoves(world: World, walk: Walk, samples: SampleValues): readonly PlacedEvent[] {
  const node = nodeOf(world.story, walk.node);
  if (!isShown(node)) return [];
  const at = { node: walk.node };
  const { appearsAtFrame = 0, locksAtFrame } = node.decision ?? {};
  const timed = { ...at, frame: appearsAtFrame };
  const expiry: readonly PlacedEvent[] =
    locksAtFrame === undefined ? [] : [{ type: 'expire', ...at, frame: locksAtFrame }];
  if (node.type === 'form') {
    const { variable, optional } = node.question;
    const declaration = member(world.story.variables, variable);
    const values = declaration === undefined ? [] : samples(variable, declaration);
    return [
      ...values.map((value): PlacedEvent => ({ type: 'answer', ...timed, value })),
      ...(optional === true ? [{ type: 'skip', ...timed } as const] : []),
      ...expiry,
    ];
  }
  return [
    ...enabledChoices(world, walk).map((choice): PlacedEvent => ({
      type: 'choose',
      ...timed,
      choice: choice.id,
    })),
    { type: 'ended', ...at },
    ...expiry,
  ];
}

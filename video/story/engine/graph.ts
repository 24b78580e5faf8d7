import type { Format } from '../format.ts';
import { member, type Condition, type Value } from './condition.ts';

/*
 * The form of a story, without the schemas that read it: viewers' browsers load this folder, and no
 * schema library with it. `story-schema.ts` reads the same form and is checked against it.
 */

/** Where a value comes from: a variable, or a constant. */
export type Binding = { readonly var: string } | { readonly value: unknown };

/** Bindings by name. */
export type Bindings = Readonly<Record<string, Binding>>;

/** A way on, taken when its condition holds. */
export interface Edge {
  readonly when?: Condition | undefined;
  readonly to: string;
}

/** A node's name, or edges of which the first that holds is taken; the last has no condition. */
export type Edges = string | readonly Edge[];

/** What taking a choice does to a variable of the story. */
export type Effect =
  | { readonly set: string; readonly to: Value | { readonly var: string } }
  | { readonly add: string; readonly by: number }
  | { readonly toggle: string };

/** Something that a viewer can take at a node. */
export interface Choice {
  /** Unique in its node. */
  readonly id: string;
  readonly label: string;
  /** What screen readers say instead of the label. */
  readonly accessibleLabel?: string | undefined;
  /** A file of the template that shows the choice. */
  readonly picture?: string | undefined;
  readonly to: Edges;
  readonly effects?: readonly Effect[] | undefined;
  /** Enabled only while this holds. */
  readonly when?: Condition | undefined;
  /** Enabled only until it was taken. */
  readonly once?: boolean | undefined;
  /** What viewers see of it while it is not enabled: nothing if not said. */
  readonly whenDisabled?: 'hide' | 'show' | undefined;
  /** A `return` on the way leads back to this node. */
  readonly comesBack?: boolean | undefined;
  /** The name under which it is counted: its id if not said. */
  readonly analytics?: string | undefined;
  /** The key that takes it, as `KeyboardEvent.key` has it. */
  readonly key?: string | undefined;
}

/** When a node's choices can be taken, and what happens where none is. Frames count from its start. */
export interface Decision {
  /** 0 if not said. */
  readonly appearsAtFrame?: number | undefined;
  /** From this frame on nothing can be taken; never if not said. A node that waits then goes on. */
  readonly locksAtFrame?: number | undefined;
  /** What stands for silence; without it the node's `next`, and without that a scene waits at its end. */
  readonly default?: { readonly choice: string } | 'first-enabled' | 'repeat' | undefined;
  /** When a choice leads on: a scene plays to its end and a node that waits goes at once, if not said. */
  readonly switchAt?: 'end' | 'now' | undefined;
}

/** A rectangle in parts of the frame's width and height, from its top left corner. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A part of the picture that takes a choice. */
export interface Hotspot {
  readonly choice: string;
  readonly areas: Readonly<Partial<Record<Format, Area>>>;
  /** 0 if not said. */
  readonly fromFrame?: number | undefined;
  /** Exclusive; as long as the node is shown if not said. */
  readonly toFrame?: number | undefined;
}

/** A scene with the inputs that a node gives it. */
export interface NodeView {
  readonly scene: string;
  readonly inputs: Bindings;
}

interface WithView extends NodeView {
  /** Stands in for the picture while that is being rendered; reads no viewer's answer. */
  readonly generic?: NodeView | undefined;
}

interface WithDecision extends WithView {
  readonly decision?: Decision | undefined;
  readonly hotspots?: readonly Hotspot[] | undefined;
  readonly next?: Edges | undefined;
}

/** What the picture does when it has ended and the viewer has not decided. */
export type Waiting = 'loop' | 'hold';

/** A scene that plays to its end, with choices or without. */
export interface SceneNode extends WithDecision {
  readonly type: 'scene';
  readonly choices?: readonly Choice[] | undefined;
}

/** A place that waits for the viewer; passed over by `next` when none of its choices is enabled. */
export interface HubNode extends WithDecision {
  readonly type: 'hub';
  readonly while: Waiting;
  readonly choices: readonly Choice[];
}

/** An answer to pick, with its words. */
export interface AnswerOption {
  readonly value: Value;
  readonly label: string;
  readonly accessibleLabel?: string | undefined;
}

/** One question. What can be answered follows from the type of the variable. */
export interface Question {
  readonly label: string;
  readonly accessibleLabel?: string | undefined;
  readonly variable: string;
  /** The answers in words: one for each value of a choice, or of a boolean. */
  readonly options?: readonly AnswerOption[] | undefined;
  /** Whether viewers may go on without an answer. */
  readonly optional?: boolean | undefined;
  /** The answer that stands for silence; without it the variable keeps what it held. */
  readonly otherwise?: Value | undefined;
}

/** A scene that waits for the answer to one question. */
export interface FormNode extends WithView {
  readonly type: 'form';
  readonly while: Waiting;
  readonly question: Question;
  readonly decision?: Pick<Decision, 'appearsAtFrame' | 'locksAtFrame'> | undefined;
  readonly next: Edges;
}

/** Where a call to action leads: an address on one of the story's `links`, with parameters. */
export interface Link {
  readonly label: string;
  readonly accessibleLabel?: string | undefined;
  /** An https address without parameters. */
  readonly to: string;
  readonly query?: Bindings | undefined;
}

/** A scene with a link beside its picture; it plays on as a scene does. */
export interface CallToActionNode extends WithDecision {
  readonly type: 'cta';
  readonly link: Link;
  readonly choices?: readonly Choice[] | undefined;
}

/** Picks an edge and shows nothing. */
export interface RouterNode {
  readonly type: 'router';
  readonly next: Edges;
}

/** Goes to a branch; when the branch comes to a `return`, the walk goes on by `next`. */
export interface DetourNode {
  readonly type: 'detour';
  readonly to: string;
  readonly next: Edges;
}

/** Goes back to where the last detour was taken, or the last choice that comes back. */
export interface ReturnNode {
  readonly type: 'return';
}

/** The walk is over. */
export interface EndNode {
  readonly type: 'end';
}

/** A node that shows something. */
export type ViewNode = SceneNode | HubNode | FormNode | CallToActionNode;

export type StoryNode = ViewNode | RouterNode | DetourNode | ReturnNode | EndNode;

/** What becomes of a variable when the session is over. */
export type WriteBack = 'none' | 'session' | { readonly field: string; readonly purpose: string };

interface Declared {
  /** Who decides the value: the record (then it is read-only), the viewer, or the story itself. */
  readonly source: 'record' | 'viewer' | 'session';
  /** Whether the value is about one person; true for `viewer` and false for `session` if not said. */
  readonly personal?: boolean | undefined;
  /** `none` if not said. */
  readonly writeBack?: WriteBack | undefined;
  /** What a viewer is told that this is. */
  readonly label?: string | undefined;
}

type Initial<T extends Value> = { readonly initial?: T | { readonly var: string } | undefined };

/** A variable of the story. Without `initial` it is absent until something sets it. */
export type VariableDeclaration = Declared &
  (
    | ({ readonly type: 'boolean' } & Initial<boolean>)
    | ({
        readonly type: 'number';
        readonly min: number;
        readonly max: number;
        readonly integer?: boolean | undefined;
      } & Initial<number>)
    | ({ readonly type: 'choice'; readonly values: readonly string[] } & Initial<string>)
    | ({ readonly type: 'text'; readonly maxLength: number } & Initial<string>)
  );

/** A graph of scenes. A linear template is a story with only `next` edges. */
export interface Story {
  readonly version: 2;
  readonly start: string;
  readonly variables: Readonly<Record<string, VariableDeclaration>>;
  /** Origins, such as `https://shop.example.com`, that calls to action may lead to. */
  readonly links: readonly string[];
  readonly nodes: Readonly<Record<string, StoryNode>>;
}

/** The longest text that a viewer may write, in characters as a reader counts them. */
export const longestAnswer = 40;

/** Whether a node shows something. */
export function hasView(node: StoryNode): node is ViewNode {
  return node.type === 'scene' || node.type === 'hub' || node.type === 'form' || node.type === 'cta';
}

/** The choices of a node, none where it has none. */
export function choicesOf(node: StoryNode): readonly Choice[] {
  return 'choices' in node ? (node.choices ?? []) : [];
}

/** Pictures of a node: its own and the one that stands in for it. */
export function viewsOf(story: Story, id: string): readonly NodeView[] {
  const node = member(story.nodes, id);
  if (node === undefined || !hasView(node)) return [];
  return node.generic === undefined ? [node] : [node, node.generic];
}

/** Names of the variables that a node's pictures read. */
export const variablesShown = (story: Story, id: string): readonly string[] =>
  viewsOf(story, id).flatMap(({ inputs }) =>
    Object.values(inputs).flatMap((binding) => ('var' in binding ? [binding.var] : [])),
  );

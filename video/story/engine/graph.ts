import type { Format } from '../format.ts';
import { member, type Condition, type Value } from './condition.ts';

/*
 * The types of a story, without its schema: viewers' browsers load this folder, but no schema library.
 * `story-schema.ts` validates the same shape and is checked against these types.
 */

/** Where a value comes from: a variable, or a constant. */
export type Binding = { readonly var: string } | { readonly value: unknown };

/** Bindings by name. */
export type Bindings = Readonly<Record<string, Binding>>;

/** An edge to another node, taken when its condition holds. */
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

/** A choice that a viewer can take at a node. */
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
  /** Whether viewers see the choice while it is not enabled. Default: `hide`. */
  readonly whenDisabled?: 'hide' | 'show' | undefined;
  /** A later `return` leads back to this node. */
  readonly comesBack?: boolean | undefined;
  /** The name used in analytics. Default: the id. */
  readonly analytics?: string | undefined;
  /** The key that takes the choice, as a `KeyboardEvent.key`. */
  readonly key?: string | undefined;
}

/** When a node's choices can be taken, and what happens if none is. Frames count from the node's start. */
export interface Decision {
  /** Default: 0. */
  readonly appearsAtFrame?: number | undefined;
  /** From this frame on no choice can be taken; a node that waits then continues. Default: never. */
  readonly locksAtFrame?: number | undefined;
  /** What happens if the viewer does nothing. Default: `next`; without a `next` the scene waits at its end. */
  readonly default?: { readonly choice: string } | 'first-enabled' | 'repeat' | undefined;
  /** When a taken choice leads to its target. Default: `end` for a scene, `now` for a node that waits. */
  readonly switchAt?: 'end' | 'now' | undefined;
}

/** A rectangle in parts of the frame's width and height, from its top left corner. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An area of the frame that takes a choice when clicked. */
export interface Hotspot {
  readonly choice: string;
  readonly areas: Readonly<Partial<Record<Format, Area>>>;
  /** Default: 0. */
  readonly fromFrame?: number | undefined;
  /** Exclusive. Default: as long as the node is shown. */
  readonly toFrame?: number | undefined;
}

/** The view of a node: a scene with its bindings. */
export interface NodeView {
  readonly scene: string;
  readonly inputs: Bindings;
}

interface WithView extends NodeView {
  /** Shown while the own view is being rendered; must not read a viewer's answer. */
  readonly generic?: NodeView | undefined;
}

interface WithDecision extends WithView {
  readonly decision?: Decision | undefined;
  readonly hotspots?: readonly Hotspot[] | undefined;
  readonly next?: Edges | undefined;
}

/** What the clip does when it has ended and the viewer has not decided. */
export type Waiting = 'loop' | 'hold';

/** A scene that plays to its end, with or without choices. */
export interface SceneNode extends WithDecision {
  readonly type: 'scene';
  readonly choices?: readonly Choice[] | undefined;
}

/** Waits for the viewer's choice; skipped by `next` when none of its choices is enabled. */
export interface HubNode extends WithDecision {
  readonly type: 'hub';
  readonly while: Waiting;
  readonly choices: readonly Choice[];
}

/** An answer to pick, with its label. */
export interface AnswerOption {
  readonly value: Value;
  readonly label: string;
  readonly accessibleLabel?: string | undefined;
}

/** One question. The variable's type determines the possible answers. */
export interface Question {
  readonly label: string;
  readonly accessibleLabel?: string | undefined;
  readonly variable: string;
  /** Labels of the answers: one for each value of a choice, or of a boolean. */
  readonly options?: readonly AnswerOption[] | undefined;
  /** Whether viewers may continue without an answer. */
  readonly optional?: boolean | undefined;
  /** The value set if the viewer does not answer. Default: the variable keeps its value. */
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

/** The target of a call to action: an address on one of the story's `links`, with parameters. */
export interface Link {
  readonly label: string;
  readonly accessibleLabel?: string | undefined;
  /** An https address without parameters. */
  readonly to: string;
  readonly query?: Bindings | undefined;
}

/** A scene with a link; it plays like any other scene. */
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

/** Goes to a branch; when the branch reaches a `return`, the story continues with `next`. */
export interface DetourNode {
  readonly type: 'detour';
  readonly to: string;
  readonly next: Edges;
}

/** Goes back to the last detour, or to the last choice that comes back, whichever was later. */
export interface ReturnNode {
  readonly type: 'return';
}

/** The end of the story. */
export interface EndNode {
  readonly type: 'end';
}

/** A node that shows something. */
export type ViewNode = SceneNode | HubNode | FormNode | CallToActionNode;

export type StoryNode = ViewNode | RouterNode | DetourNode | ReturnNode | EndNode;

/** Where a variable's value goes when the session is over. */
export type WriteBack = 'none' | 'session' | { readonly field: string; readonly purpose: string };

interface Declared {
  /** Who sets the value: the record (then it is read-only), the viewer, or the story itself. */
  readonly source: 'record' | 'viewer' | 'session';
  /** Whether the value is about one person. Default: true for `viewer`, false for `session`. */
  readonly personal?: boolean | undefined;
  /** Default: `none`. */
  readonly writeBack?: WriteBack | undefined;
  /** The variable's name for viewers. */
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

/** The choices of a node; empty for a node without choices. */
export function choicesOf(node: StoryNode): readonly Choice[] {
  return 'choices' in node ? (node.choices ?? []) : [];
}

/** The views of a node: its own and its generic one. */
export function viewsOf(story: Story, id: string): readonly NodeView[] {
  const node = member(story.nodes, id);
  if (node === undefined || !hasView(node)) return [];
  return node.generic === undefined ? [node] : [node, node.generic];
}

/** Names of the variables that a node's views read. */
export const variablesShown = (story: Story, id: string): readonly string[] =>
  viewsOf(story, id).flatMap(({ inputs }) =>
    Object.values(inputs).flatMap((binding) => ('var' in binding ? [binding.var] : [])),
  );

import type {
  areaSchema,
  bindingsSchema,
  campaignLinkSchema,
  choiceSchema,
  decisionSchema,
  edgeSchema,
  edgesSchema,
  effectSchema,
  hotspotSchema,
  Infer,
  linkSchema,
  nodeSchema,
  nodeViewSchema,
  questionSchema,
  storySchema,
  transitionSchema,
  variableSchema,
} from '../story-schema.ts';
import { member } from './condition.ts';

/** Where values come from, by name: each from a variable (record field, fact, segment, story variable), or constant. */
export type Bindings = Infer<typeof bindingsSchema>;

export type Binding = Bindings[string];

/** An edge to another node, taken when its condition holds. */
export type Edge = Infer<typeof edgeSchema>;

/** How one scene changes into the next. A template's stories have none any more: they are nodes of their own there. */
export type EdgeTransition = Infer<typeof transitionSchema>;

/** A node's name, or edges of which the first that holds is taken; the last has no condition. */
export type Edges = Infer<typeof edgesSchema>;

/** What taking a choice does to a variable of the story. */
export type Effect = Infer<typeof effectSchema>;

/** A choice that a viewer can take at a node. */
export type Choice = Infer<typeof choiceSchema>;

/** When a node's choices can be taken, and what happens if none is. Frames count from the node's start. */
export type Decision = Infer<typeof decisionSchema>;

/** A rectangle in parts of the frame's width and height, from its top left corner. */
export type Area = Infer<typeof areaSchema>;

/** An area of the frame that takes a choice when clicked. */
export type Hotspot = Infer<typeof hotspotSchema>;

/** The view of a node: a scene with its bindings. */
export type NodeView = Infer<typeof nodeViewSchema>;

/** One question. The variable's type determines the possible answers. */
export type Question = Infer<typeof questionSchema>;

/** An answer to pick, with its label. */
export type AnswerOption = NonNullable<Question['options']>[number];

/** The target of a call to action: an address on one of the story's `links` or of the record, with parameters. */
export type Link = Infer<typeof linkSchema>;

/** A link that a campaign gives all of its videos. */
export type CampaignLink = Infer<typeof campaignLinkSchema>;

/** What a link reads of the variables. */
export const variablesLinked = ({ field, query = {} }: Link): readonly string[] => [
  ...(field === undefined ? [] : [field]),
  ...Object.values(query).flatMap((each) => ('var' in each ? [each.var] : [])),
];

export type StoryNode = Infer<typeof nodeSchema>;

/** A scene that waits for the answer to one question. */
export type FormNode = Extract<StoryNode, { readonly type: 'form' }>;

/** A node that shows something. */
export type ViewNode = Extract<StoryNode, NodeView>;

/** A variable of the story. Without `initial` it is absent until something sets it. */
export type VariableDeclaration = Infer<typeof variableSchema>;

/** A graph of scenes. A linear template is a story with only `next` edges. */
export type Story = Infer<typeof storySchema>;

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

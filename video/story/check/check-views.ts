import { z } from 'zod';
import type { AnyRecord } from '../../../data/record.ts';
import { isPersonalBinding } from '../bind.ts';
import { codeOf, timeInputs } from '../time-scene.ts';
import { readBinding, viewsFor } from '../each.ts';
import { member, type Variables } from '../engine/condition.ts';
import { viewsOf, type Binding, type NodeView } from '../engine/graph.ts';
import { readVariables, type StoryContext } from '../engine/state.ts';
import { sceneCues } from '../path.ts';
import type { Scene } from '../scene.ts';
import { runTemplateCode, tryTemplate } from '../template-code.ts';
import type { Template } from '../template.ts';
import type { ShownView } from './explore.ts';
import { finding, quote, type Finding } from './finding.ts';
import { knownVariables } from './known-variables.ts';

/** Shortest and longest duration of a node that was found, in frames. */
export interface Lengths {
  least: number;
  most: number;
}

/** Checks the views of nodes for one record after another. */
export interface ViewCheck {
  /** Binds these views for a record. */
  readonly look: (context: StoryContext, views: readonly ShownView[]) => readonly Finding[];
  /** By node, for nodes that were bound. */
  readonly lengths: ReadonlyMap<string, Lengths>;
}

const isWhole = (frames: number): boolean => Number.isInteger(frames) && frames > 0;

/** Names, inputs and schemas, without any record. */
export function checkBindings({ story, scenes }: Template): readonly Finding[] {
  return Object.keys(story.nodes).flatMap((node) =>
    viewsOf(story, node).flatMap(({ scene: name, inputs }) => {
      const scene = member(scenes, name);
      if (scene === undefined) {
        const message = `Node ${quote(node)} shows scene ${quote(name)}, which the template does not have.`;
        return [finding('scene-unknown', { node }, message)];
      }
      const shape: z.core.$ZodShape = scene.inputs.shape;
      const undeclared = Object.keys(inputs).filter((input) => !Object.hasOwn(shape, input));
      const missing = Object.entries(shape).flatMap(([input, schema]) =>
        Object.hasOwn(inputs, input) || isOptional(schema) ? [] : [input],
      );
      return [
        ...undeclared.map((input) =>
          finding(
            'input-undeclared',
            { node },
            `Node ${quote(node)} binds input ${quote(input)}, which scene ${quote(name)} does not declare.`,
          ),
        ),
        ...missing.map((input) =>
          finding(
            'input-missing',
            { node },
            `Node ${quote(node)} does not bind input ${quote(input)} of scene ${quote(name)}.`,
          ),
        ),
      ];
    }),
  );
}

const isOptional = (schema: z.core.$ZodType): boolean => z.safeParse(schema, undefined).success;

/** Creates the check of scenes' inputs, durations and captions. */
export function createViewCheck(template: Template): ViewCheck {
  const { story, scenes } = template;
  const lengths = new Map<string, Lengths>();
  const known = knownVariables(template);
  const isUndefined = (binding: Binding | undefined): boolean =>
    binding !== undefined && 'var' in binding && !known.has(binding.var);
  const seen = new Map<string, readonly Finding[]>();

  function refusal(node: string, view: NodeView, given: AnyRecord, path: PropertyKey, why: string): Finding {
    const input = String(path);
    const binding = view.inputs[input];
    const unset = binding !== undefined && 'var' in binding && given[input] === undefined;
    if (unset && Object.hasOwn(story.variables, binding.var)) {
      const message = `Variable ${quote(binding.var)} can be unset where node ${quote(node)} shows it.`;
      return finding('variable-unset', { node }, message);
    }
    const what = unset
      ? `nothing as input ${quote(input)}, where ${quote(binding.var)} is absent`
      : `an input ${quote(input)} that it refuses`;
    const message = `Node ${quote(node)} gives scene ${quote(view.scene)} ${what}: ${why}.`;
    return finding('input-refused', { node }, message);
  }

  function bind(node: string, view: NodeView, scene: Scene, variables: Variables): readonly Finding[] {
    const given: Record<string, unknown> = {};
    for (const [input, binding] of Object.entries(view.inputs))
      given[input] = readBinding(binding, variables);
    const isPersonal = Object.values(view.inputs).some((each) => isPersonalBinding(template, each));
    const name = isPersonal ? undefined : JSON.stringify([node, view.scene, given]);
    const before = name === undefined ? undefined : seen.get(name);
    if (before !== undefined) return before;
    const tried = tryTemplate(() => tryScene(node, view, scene, given, isPersonal));
    const found = tried.ok ? tried.value : [finding('template-failed', { node }, tried.message)];
    if (name !== undefined && seen.size < 10_000) seen.set(name, found);
    return found;
  }

  /** @throws BespokeError `template-failed` */
  function tryScene(
    node: string,
    view: NodeView,
    scene: Scene,
    given: AnyRecord,
    isPersonal: boolean,
  ): readonly Finding[] {
    const code = codeOf(node, view.scene, isPersonal);
    const parsed = runTemplateCode(code, () => scene.inputs.safeParse(given));
    if (!parsed.success) {
      return (
        parsed.error.issues
          // Missing bindings and undeclared names are reported without a record.
          .filter(({ path: [input] }) => input === undefined || Object.hasOwn(view.inputs, input))
          .filter(({ path: [input] }) => !isUndefined(view.inputs[String(input)]))
          .map(({ path: [input = ''], message }) => refusal(node, view, given, input, message))
      );
    }
    const found: Finding[] = [];
    const shown = { node, scene: view.scene, inputs: parsed.data, personal: isPersonal };
    const { inputs, frames } = timeInputs(template, shown);
    if (!isWhole(frames)) {
      const message = `Scene ${quote(view.scene)} lasts ${frames} frames at node ${quote(node)}; clips need a whole number of frames.`;
      found.push(finding('joint-mismatch', { node }, message));
    }
    const before = lengths.get(node);
    if (before === undefined) lengths.set(node, { least: frames, most: frames });
    else {
      before.least = Math.min(before.least, frames);
      before.most = Math.max(before.most, frames);
    }
    const cues = sceneCues(template, { ...shown, inputs, durationInFrames: frames });
    if (!cues.some(({ text }) => text.trim() !== '')) {
      const message = `Scene ${quote(view.scene)} has no captions at node ${quote(node)}.`;
      found.push(finding('captions-missing', { node }, message));
    }
    return found;
  }

  return {
    lengths,
    look: (context, views) =>
      views.flatMap(({ node, variables }) => {
        const read = readVariables(context, variables);
        return viewsOf(story, node).flatMap((view) => {
          const scene = member(scenes, view.scene);
          return scene === undefined
            ? []
            : viewsFor(story, node, view, read).flatMap((each) => bind(node, each, scene, read));
        });
      }),
  };
}

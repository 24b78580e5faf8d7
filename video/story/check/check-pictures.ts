import { z } from 'zod';
import type { AnyRecord } from '../../../data/record.ts';
import { codeOf, personalVariables } from '../bind.ts';
import { member, type Variables } from '../engine/condition.ts';
import type { Binding, Picture } from '../engine/graph.ts';
import { readVariables, type World } from '../engine/walk.ts';
import { sceneCues } from '../path.ts';
import { sceneDuration, type Scene } from '../scene.ts';
import { runTemplateCode, tryTemplate } from '../template-code.ts';
import type { Template } from '../template.ts';
import type { ShownPlace } from './explore.ts';
import { picturesOf } from './states.ts';
import { finding, quote, type Finding } from './finding.ts';
import { knownVariables } from './known-variables.ts';

/** Least and most frames that a node was seen to last. */
export interface Lengths {
  least: number;
  most: number;
}

/** What is found while nodes are shown to one viewer after another. */
export interface PictureCheck {
  /** Binds the pictures of these places for a record. */
  readonly look: (world: World, places: readonly ShownPlace[]) => readonly Finding[];
  /** By node, as far as it was shown. */
  readonly lengths: ReadonlyMap<string, Lengths>;
}

const isWhole = (frames: number): boolean => Number.isInteger(frames) && frames > 0;

/** Names, inputs and schemas, without any record. */
export function checkBindings({ story, scenes }: Template): readonly Finding[] {
  return Object.keys(story.nodes).flatMap((node) =>
    picturesOf(story, node).flatMap(({ scene: name, inputs }) => {
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

/** Makes the check of what scenes are given, how long they last and what they tell. */
export function createPictureCheck(template: Template): PictureCheck {
  const { story, scenes } = template;
  const personal = personalVariables(template);
  const lengths = new Map<string, Lengths>();
  const known = knownVariables(template);
  const isUndefined = (binding: Binding | undefined): boolean =>
    binding !== undefined && 'var' in binding && !known.has(binding.var);
  const seen = new Map<string, readonly Finding[]>();

  function refusal(
    node: string,
    picture: Picture,
    given: AnyRecord,
    path: PropertyKey,
    why: string,
  ): Finding {
    const input = String(path);
    const binding = picture.inputs[input];
    const unset = binding !== undefined && 'var' in binding && given[input] === undefined;
    if (unset && Object.hasOwn(story.variables, binding.var)) {
      const message = `Variable ${quote(binding.var)} can be unset where node ${quote(node)} shows it.`;
      return finding('variable-unset', { node }, message);
    }
    const what = unset
      ? `nothing as input ${quote(input)}, where ${quote(binding.var)} is absent`
      : `an input ${quote(input)} that it refuses`;
    const message = `Node ${quote(node)} gives scene ${quote(picture.scene)} ${what}: ${why}.`;
    return finding('input-refused', { node }, message);
  }

  function bind(node: string, picture: Picture, scene: Scene, variables: Variables): readonly Finding[] {
    const given: Record<string, unknown> = {};
    for (const [input, binding] of Object.entries(picture.inputs)) {
      given[input] = 'var' in binding ? member(variables, binding.var) : binding.value;
    }
    const isPersonal = Object.values(picture.inputs).some((each) => 'var' in each && personal.has(each.var));
    const name = isPersonal ? undefined : JSON.stringify([node, picture.scene, given]);
    const before = name === undefined ? undefined : seen.get(name);
    if (before !== undefined) return before;
    const tried = tryTemplate(() => tryScene(node, picture, scene, given, isPersonal));
    const found = tried.ok ? tried.value : [finding('template-failed', { node }, tried.message)];
    if (name !== undefined && seen.size < 10_000) seen.set(name, found);
    return found;
  }

  /** @throws BespokeError `template-failed` */
  function tryScene(
    node: string,
    picture: Picture,
    scene: Scene,
    given: AnyRecord,
    isPersonal: boolean,
  ): readonly Finding[] {
    const code = codeOf(node, picture.scene, isPersonal);
    const parsed = runTemplateCode(code, () => scene.inputs.safeParse(given));
    if (!parsed.success) {
      return (
        parsed.error.issues
          // What bindings lack, and names that nothing declares, are told of without any record.
          .filter(({ path: [input] }) => input === undefined || Object.hasOwn(picture.inputs, input))
          .filter(({ path: [input] }) => !isUndefined(picture.inputs[String(input)]))
          .map(({ path: [input = ''], message }) => refusal(node, picture, given, input, message))
      );
    }
    const found: Finding[] = [];
    const frames = runTemplateCode(code, () => sceneDuration(scene, parsed.data));
    if (!isWhole(frames)) {
      const message = `Scene ${quote(picture.scene)} lasts ${frames} frames at node ${quote(node)}; clips are joined at whole frames.`;
      found.push(finding('joint-mismatch', { node }, message));
    }
    const before = lengths.get(node);
    if (before === undefined) lengths.set(node, { least: frames, most: frames });
    else {
      before.least = Math.min(before.least, frames);
      before.most = Math.max(before.most, frames);
    }
    const bound = { node, scene: picture.scene, inputs: parsed.data, durationInFrames: frames };
    const cues = sceneCues(template, { ...bound, personal: isPersonal });
    if (!cues.some(({ text }) => text.trim() !== '')) {
      const message = `Scene ${quote(picture.scene)} has no captions at node ${quote(node)}.`;
      found.push(finding('captions-missing', { node }, message));
    }
    return found;
  }

  return {
    lengths,
    look: (world, places) =>
      places.flatMap(({ node, variables }) => {
        const read = readVariables(world, variables);
        return picturesOf(story, node).flatMap((picture) => {
          const scene = member(scenes, picture.scene);
          return scene === undefined ? [] : bind(node, picture, scene, read);
        });
      }),
  };
}

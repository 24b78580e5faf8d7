import type { BespokeError } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';
import type { ClipRender } from '../../core/ports.ts';
import { SceneError } from './browser-tab.ts';
import { BrowserGone } from './devtools-pipe.ts';

/** Every text among a scene's inputs, however deep. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** What a scene said, without what it was given: inputs may be about a person. */
function withoutInputs(message: string, inputs: ClipRender['inputs']): string {
  return textsIn(inputs)
    .filter((text) => text.trim().length > 1)
    .sort((a, b) => b.length - a.length)
    .reduce((said, text) => said.replaceAll(text, '…'), message)
    .slice(0, 300);
}

/** What was being drawn, as messages name it. */
export interface DrawnClip {
  readonly clip: ClipRender;
  /** The frame that was asked for last; `undefined` before the first one. */
  readonly frame: number | undefined;
}

const placeOf = ({ clip: { scene, template }, frame }: DrawnClip) => ({ scene, template, frame });

/** Says for people, and for the queue, what kept a clip from being drawn. */
export function drawingFailure(error: unknown, drawn: DrawnClip): unknown {
  if (error instanceof SceneError) {
    const facts = { ...placeOf(drawn), why: withoutInputs(error.message, drawn.clip.inputs) };
    return /delayRender\(\).*not cleared/.test(error.message)
      ? errors.sceneWaited(facts)
      : errors.sceneFailed(facts);
  }
  if (error instanceof BrowserGone) {
    return errors.sceneInterrupted({ ...placeOf(drawn), why: error.message }, { cause: error });
  }
  return error;
}

/** The failure of a clip that was not finished within the time limit. */
export function clipTimeout(drawn: DrawnClip, limitMs: number, cause: unknown): BespokeError {
  return errors.sceneTimedOut({ ...placeOf(drawn), seconds: limitMs / 1000 }, { cause });
}

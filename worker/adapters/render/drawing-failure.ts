import type { BespokeError } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';
import type { ClipRender } from '../../core/ports.ts';
import { SceneError } from './browser-tab.ts';
import { BrowserGone } from './devtools-pipe.ts';

/** Every text in a scene's inputs, at any depth. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** A scene's error message without its inputs, which may be about a person. */
function withoutInputs(message: string, inputs: ClipRender['inputs']): string {
  return textsIn(inputs)
    .filter((text) => text.trim().length > 1)
    .sort((a, b) => b.length - a.length)
    .reduce((said, text) => said.replaceAll(text, '…'), message)
    .slice(0, 300);
}

/** What was being drawn. */
export interface DrawnClip {
  readonly clip: ClipRender;
  /** The frame that was requested last; `undefined` before the first one. */
  readonly frame: number | undefined;
}

const placeOf = ({ clip: { scene, template }, frame }: DrawnClip) => ({ scene, template, frame });

/** The error for a clip that could not be drawn. Other errors are returned as they are. */
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

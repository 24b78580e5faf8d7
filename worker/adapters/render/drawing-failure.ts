import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { ClipRender } from '../../core/ports.ts';
import { SceneError } from './clip-page.ts';
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

/** Says for people, and for the queue, what kept a clip from being drawn. */
export function drawingFailure(error: unknown, clip: ClipRender): unknown {
  const scene = `Scene ${clip.scene} of ${clip.template}`;
  if (error instanceof SceneError) {
    const said = withoutInputs(error.message, clip.inputs);
    return /delayRender\(\).*not cleared/.test(error.message)
      ? new BespokeError('clip-timeout', `${scene} waited too long before a frame: ${said}`)
      : new BespokeError('scene-failed', `${scene} could not be drawn: ${said}`);
  }
  if (error instanceof BrowserGone) {
    return new BespokeError('browser-crashed', `${scene} was not finished. ${error.message}`, {
      cause: error,
    });
  }
  return error;
}

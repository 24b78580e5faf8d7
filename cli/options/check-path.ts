import type { AnyRecord } from '../../data/record.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { bindPath } from '../../video/story/bind.ts';
import { chosenPlaythrough } from '../../video/story/playthrough.ts';
import type { Template } from '../../video/story/template.ts';

/**
 * Walks a path before anything slow is started.
 *
 * @throws BespokeError `path-invalid`.
 */
export function checkPath(
  template: Template,
  record: AnyRecord,
  steps: readonly string[],
  asOf: string,
): void {
  try {
    bindPath(template, record, {}, { asOf }, chosenPlaythrough(steps));
  } catch (error) {
    // Planning reports what is wrong with the template, as without a path.
    if (!(error instanceof BespokeError && error.code === 'template-failed')) throw error;
  }
}

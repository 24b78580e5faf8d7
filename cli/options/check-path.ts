import type { AnyRecord } from '../../data/record.ts';
import { worldOf } from '../../video/story/bind.ts';
import { chosenWalk } from '../../video/story/chosen-walk.ts';
import { StoryFault } from '../../video/story/engine/story-fault.ts';
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
    chosenWalk(steps)(worldOf(template, record, {}, { asOf }));
  } catch (error) {
    // A story that is wrong is told of when it is planned, as without a path.
    if (!(error instanceof StoryFault)) throw error;
  }
}

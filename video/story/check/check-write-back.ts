import type { Field } from '../../../data/record.ts';
import { member, type Value } from '../engine/condition.ts';
import type { VariableDeclaration } from '../engine/graph.ts';
import type { Template } from '../template.ts';
import { finding, quote, type Finding } from './finding.ts';

/** Values that a variable can hold of which each is least likely to fit elsewhere. */
function extremes(declaration: VariableDeclaration): readonly Value[] {
  switch (declaration.type) {
    case 'boolean':
      return [false, true];
    case 'number':
      return [
        declaration.min,
        declaration.max,
        ...(declaration.integer === true ? [] : [(declaration.min + declaration.max) / 2 + 0.01]),
      ];
    case 'choice':
      return declaration.values;
    case 'text':
      return ['A'.repeat(Math.max(1, declaration.maxLength))];
    default:
      return declaration satisfies never;
  }
}

const takes = (field: Field, value: Value): boolean => field.schema.safeParse(value).success;

/** Variables that are to change the customer's record: whether they can, and what the viewer is asked. */
export function checkWriteBack({ story, record }: Template): readonly Finding[] {
  return Object.entries(story.variables).flatMap(([name, declaration]) => {
    const { writeBack, source, label = '' } = declaration;
    if (typeof writeBack !== 'object') return [];
    const found: Finding[] = [];
    const field = member(record, writeBack.field);
    const refused = field === undefined ? [] : extremes(declaration).filter((value) => !takes(field, value));
    if (source === 'record' || field === undefined || refused.length > 0) {
      const why =
        source === 'record'
          ? 'comes from the record and cannot change'
          : field === undefined
            ? `is written back to field ${quote(writeBack.field)}, which the record does not have`
            : `is written back to field ${quote(writeBack.field)}, which refuses ${JSON.stringify(refused[0])}`;
      found.push(finding('write-back-invalid', {}, `Variable ${quote(name)} ${why}.`));
    }
    if (writeBack.purpose.trim() === '') {
      const message = `Variable ${quote(name)} is written back, and nothing says to what end.`;
      found.push(finding('write-back-without-purpose', {}, message));
    }
    if (label.trim() === '') {
      const message = `Variable ${quote(name)} is written back, and no label tells viewers what it is.`;
      found.push(finding('label-missing', {}, message));
    }
    return found;
  });
}

import { member, variablesRead } from '../engine/condition.ts';
import type { Template } from '../template.ts';
import { finding, quote, type Finding } from './finding.ts';
import type { KnownVariables } from './known-variables.ts';
import { variableReads, variableWrites, type VariableUse } from './variable-uses.ts';

/** Variables that nothing declares, that nothing sets, or that a story may not set. */
export function checkVariables({ story, segments }: Template, known: KnownVariables): readonly Finding[] {
  const reads = variableReads(story);
  const writes = variableWrites(story);
  const isReadOnly = (name: string): boolean => {
    const declaration = member(story.variables, name);
    return declaration === undefined ? known.has(name) : declaration.source === 'record';
  };
  const declaresNothing = ({ name }: VariableUse): boolean =>
    !known.has(name) && member(story.variables, name)?.source !== 'record';

  const undefinedOnes = [...reads, ...writes].filter(declaresNothing).map(({ name, place, where }) => {
    return finding(
      'variable-undefined',
      place,
      `${where} names variable ${quote(name)}, which nothing declares.`,
    );
  });
  const claimed = Object.entries(story.variables)
    .filter(([name, { source }]) => source === 'record' && known.get(name)?.owner !== 'record')
    .map(([name]) => {
      const message = `Variable ${quote(name)} is said to come from the record, which has no such field.`;
      return finding('variable-undefined', {}, message);
    });
  const readOnly = writes
    .filter(({ name }) => isReadOnly(name))
    .map(({ name, place, where }) =>
      finding('write-to-read-only', place, `${where} sets ${quote(name)}, which belongs to the record.`),
    );

  const written = new Set(writes.map(({ name }) => name));
  const used = new Set(reads.map(({ name }) => name));
  const neverSet = Object.entries(story.variables).flatMap(([name, { source, initial }]) => {
    if (source === 'record' || initial !== undefined || written.has(name) || !used.has(name)) return [];
    return [finding('variable-never-set', {}, `Variable ${quote(name)} is read, and nothing ever sets it.`)];
  });
  const bySegments = Object.entries(segments).flatMap(([segment, condition]) =>
    [...variablesRead(condition)]
      .filter((name) => known.get(name)?.owner !== 'record' && known.get(name)?.owner !== 'fact')
      .map((name) => {
        const message = `Segment ${quote(segment)} names variable ${quote(name)}, which is no field and no fact.`;
        return finding('variable-undefined', {}, message);
      }),
  );
  return [...undefinedOnes, ...claimed, ...bySegments, ...readOnly, ...neverSet];
}

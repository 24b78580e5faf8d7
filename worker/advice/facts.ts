import type { Template } from '../../video/story/template.ts';
import type { NamesUsed } from '../people/known-view.ts';
import type { Advice, Finding, Level } from './advice-schema.ts';
import type { CriterionName } from './criteria.ts';

/** What the five factors are judged by. */
export type Facts = Pick<
  Advice,
  'asOf' | 'input' | 'rows' | 'pictures' | 'data' | 'content' | 'privacy' | 'resources' | 'time'
> & {
  readonly template: Template;
  /** What its story reads. */
  readonly used: NamesUsed;
  readonly linkDays: number;
  /** What was asked for as `by`, as a person reads it. */
  readonly byWords: string | undefined;
};

/** A finding; what is ready needs no remedy. */
export const finding = (
  criterion: CriterionName,
  level: Level,
  message: string,
  remedy: string | null = null,
): Finding => ({ criterion, level, message, remedy: level === 'ready' ? null : remedy });

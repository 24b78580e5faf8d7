import { BespokeError } from '../../errors/bespoke-error.ts';
import { toErrorReport } from '../report-error.ts';
import type { DoctorResult } from '../json-results.ts';

/** The result of a check, with advice where something is wrong. */
export type Finding = DoctorResult['checks'][number];

export const ok = (name: string, found: string): Finding => ({ name, state: 'ok', found, advice: null });

export const warn = (name: string, found: string, advice: string): Finding => ({
  name,
  state: 'warn',
  found,
  advice,
});

export const fail = (name: string, found: string, advice: string): Finding => ({
  name,
  state: 'fail',
  found,
  advice,
});

/** Runs a check. An error is its result. */
export async function guarded(name: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof BespokeError) return fail(name, error.message, error.hint);
    const { message, hint, code } = toErrorReport(error);
    return fail(name, code === 'internal' && error instanceof Error ? error.message : message, hint);
  }
}

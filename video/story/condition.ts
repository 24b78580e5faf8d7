import { z } from 'zod';
import type { Condition, Operand } from './engine/condition.ts';

export const valueSchema = z.union([z.string(), z.number(), z.boolean()]);

const operand: z.ZodType<Operand> = z.union([
  z.strictObject({ var: z.string() }),
  z.strictObject({ visits: z.string() }),
  valueSchema,
]);
const pair = z.tuple([operand, operand]);

/** Reads a condition as JSON. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(conditionSchema) }),
    z.strictObject({ any: z.array(conditionSchema) }),
    z.strictObject({ not: conditionSchema }),
    z.strictObject({ eq: pair }),
    z.strictObject({ lt: pair }),
    z.strictObject({ lte: pair }),
    z.strictObject({ in: z.tuple([operand, z.array(valueSchema)]) }),
    z.strictObject({ present: z.string() }),
    z.strictObject({ visited: z.string() }),
  ]),
);

import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { errors } from '../errors/messages.ts';
import type { CampaignRequest } from '../worker/campaigns/request.ts';
import { ImageBudget } from '../worker/core/image-resolver.ts';
import type { ServerDependencies } from './dependencies.ts';
import { easeBody } from './ease-body.ts';
import { isLocal } from './local-callers.ts';
import { gatherFields, receiveUpload } from './receive-upload.ts';
import { parsePart } from './validate.ts';

/** What one forecast fetches at most: no request takes minutes. */
const usualLook = { pictures: 1_000, ms: 20_000 };
const noLook = { pictures: 0, ms: 0 };
/** Forecasts of a route that fetch pictures at the same time; others say what is known already. */
const mostLooking = 2;

/** Most bytes of rows as JSON. */
export const jsonLimitBytes = 10_000_000;

/** Rows with the options of a request, and how to remove their file afterwards. */
export interface TableRequest<O> {
  readonly options: O;
  readonly source: CampaignRequest['source'];
  readonly discard: () => Promise<void>;
}

async function readForm<F>(
  request: FastifyRequest,
  { pipeline, uploadLimitBytes, pace }: ServerDependencies,
  schema: z.ZodType<F>,
): Promise<TableRequest<F>> {
  const { fields, file, discard } = await receiveUpload(request, pipeline.store, {
    // No limit for the owner of the disk.
    bytes: isLocal(request) ? Number.MAX_SAFE_INTEGER : uploadLimitBytes,
    pace,
  });
  try {
    const options = parsePart('body', schema, gatherFields(fields, ['map', 'accept', 'coarser', 'variants']));
    const { path, hash, fileName } = file;
    return { options, source: { kind: 'csv', file: path, hash, fileName }, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

/**
 * Reads a request with a table: a form with a file, or rows as JSON.
 *
 * @throws InvalidRequest, BespokeError as `receiveUpload` does, `media-type-unsupported` without a type.
 */
export async function readTableRequest<F, J extends { readonly rows: readonly unknown[] }>(
  request: FastifyRequest,
  dependencies: ServerDependencies,
  schemas: { readonly form: z.ZodType<F>; readonly json: z.ZodType<J> },
): Promise<TableRequest<F | Omit<J, 'rows'>>> {
  if (request.isMultipart()) return readForm(request, dependencies, schemas.form);
  if (request.headers['content-type'] === undefined) throw errors.contentTypeMissing();
  const { rows, ...options } = parsePart('body', schemas.json, easeBody(request.body));
  return { options, source: { kind: 'rows', rows }, discard: async () => undefined };
}

/** Lets the forecasts of a route look at pictures, a few at a time. */
export function createLookLimit({ look = usualLook }: Pick<ServerDependencies, 'look'>) {
  let looking = 0;
  return async <T>(wanted: boolean, use: (budget: ImageBudget) => Promise<T>): Promise<T> => {
    const looks = wanted && looking < mostLooking;
    looking += looks ? 1 : 0;
    try {
      return await use(new ImageBudget(looks ? look : noLook));
    } finally {
      looking -= looks ? 1 : 0;
    }
  };
}

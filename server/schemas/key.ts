import { z } from 'zod';
import type { ApiKey } from '../../worker/core/keys.ts';
import { moment } from '../../worker/campaigns/report-schema.ts';

const scopeSchema = z.enum(['render', 'read', 'conversions', 'admin']).meta({
  description:
    '`render` allows ordering, `read` reading, `conversions` reporting conversions, `admin` everything.',
  examples: ['render'],
});

/** The id of a key in an address. */
export const keyParams = z.object({
  id: z.string().meta({ description: 'An id from the list of keys.', examples: ['4f0c1a9be27d'] }),
});

/** What `POST /v1/keys` takes. */
export const keyRequestSchema = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .meta({ description: 'Who or what uses the key.', examples: ['web shop'] }),
    scopes: z
      .array(scopeSchema)
      .min(1)
      .default(['render', 'read'])
      .meta({ description: 'What the key allows.', examples: [['render', 'read']] }),
  })
  .meta({ id: 'KeyRequest', description: 'A new API key.' });

/** A key without its secret. */
export const keySchema = z
  .object({
    id: z.string().meta({ description: 'Part of the key; not secret.', examples: ['4f0c1a9be27d'] }),
    name: z.string().meta({ examples: ['web shop'] }),
    scopes: z.array(scopeSchema).meta({ examples: [['render', 'read']] }),
    createdAt: moment('When it was created.'),
    revokedAt: moment('When it was revoked.')
      .nullable()
      .meta({
        description: 'When it was revoked; `null` while it works.',
        examples: [null],
      }),
  })
  .meta({ id: 'Key', description: 'An API key. Its secret is shown only once, when it is created.' });

/** A key that was just created. */
export const createdKeySchema = keySchema
  .extend({
    key: z.string().meta({
      description: 'The key itself. It is shown here and never again.',
      examples: ['bsp_4f0c1a9be27d_…'],
    }),
  })
  .meta({ id: 'CreatedKey', description: 'A new API key with its secret.' });

/** All keys. */
export const keyListSchema = z
  .object({ keys: z.array(keySchema) })
  .meta({ id: 'KeyList', description: 'All API keys, the oldest first, including revoked ones.' });

/** A key as clients see it. */
export function presentKey({ id, name, scopes, createdAt, revokedAt }: ApiKey): z.infer<typeof keySchema> {
  return {
    id,
    name,
    scopes: [...scopes],
    createdAt: createdAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

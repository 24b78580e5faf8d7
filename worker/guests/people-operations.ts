import { z } from 'zod';

const count = z.int().min(0);

/** A person by the operator's id for them, or by a video. */
const named = z.union([
  z.strictObject({ customerId: z.string().min(1) }),
  z.strictObject({ renderId: z.string().min(1) }),
]);

/** What an erasure did. Holds nothing about the person. */
const receipt = z.object({
  id: z.string(),
  erasedAt: z.iso.datetime(),
  barred: z.boolean(),
  removed: z.object({
    videos: count,
    records: count,
    inputRows: count,
    clips: count,
    files: count,
    images: count,
    handedOver: count,
    webhooks: count,
    sessions: count,
    events: count,
    idempotencyKeys: count,
    jobs: count,
  }),
  unreadInputs: count,
  notReached: z.array(z.string()).readonly(),
});

/** What an erasure did. */
export type PersonReceipt = z.output<typeof receipt>;

/** What passes between processes of what is done about people. */
export const people = {
  'people.erase': { request: z.object({ named }), event: z.never(), result: receipt },
  'people.export': {
    request: z.object({
      named,
      links: z.object({ publicUrl: z.string(), linkDays: z.int().min(1) }).optional(),
    }),
    event: z.never(),
    result: z.object({ exported: z.json() }),
  },
  'people.welcome': {
    request: z.object({ customerId: z.string().min(1) }),
    event: z.never(),
    result: z.object({ welcome: z.boolean() }),
  },
};

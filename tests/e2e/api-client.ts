import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const renderSchema = z.object({
  id: z.string(),
  status: z.looseObject({ state: z.string() }),
  links: z.object({ self: z.url(), video: z.url().optional(), captions: z.url().optional() }),
});

const campaignSchema = z.object({
  id: z.string(),
  state: z.string(),
  rows: z.object({
    total: z.number(),
    queued: z.number(),
    rendering: z.number(),
    done: z.number(),
    failed: z.number(),
    skipped: z.number(),
    cancelled: z.number(),
  }),
});

/** A single video as the API tells of it, as far as these tests look. */
export type RenderAnswer = z.infer<typeof renderSchema>;

/** The few requests that tests of many machines make. */
export interface ApiClient {
  readonly order: (name: string) => Promise<RenderAnswer>;
  readonly render: (id: string) => Promise<RenderAnswer>;
  readonly orderRows: (names: readonly string[]) => Promise<string>;
  readonly campaign: (id: string) => Promise<z.infer<typeof campaignSchema>>;
  /** Asks until it is as it should be. */
  readonly until: <T>(ask: () => Promise<T>, good: (answer: T) => boolean) => Promise<T>;
}

/** A client of the API at `address`, ordering videos of the tests' smallest template. */
export function apiClient(address: string, key: string): ApiClient {
  async function ask(path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${address}${path}`, {
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
  const template = { template: 'frame-counter', quality: 'draft' };
  return {
    order: async (name) => renderSchema.parse(await ask('/v1/renders', { ...template, record: { name } })),
    render: async (id) => renderSchema.parse(await ask(`/v1/renders/${id}`)),
    orderRows: async (names) => {
      const rows = names.map((name, index) => ({ customer_id: `c-${index}`, name }));
      return campaignSchema.parse(await ask('/v1/campaigns', { ...template, rows })).id;
    },
    campaign: async (id) => campaignSchema.parse(await ask(`/v1/campaigns/${id}`)),
    until: async (question, good) => {
      const deadline = Date.now() + 150_000;
      for (;;) {
        const answer = await question();
        if (good(answer)) return answer;
        if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(answer)}`);
        await sleep(200);
      }
    },
  };
}

import { describe, expect, it, vi } from 'vitest';
import { registry } from '../../tests/fixtures/shipped-templates.ts';
import { forecastCampaign } from '../campaigns/plan.ts';
import { qualities } from './campaigns.ts';
import { hmacWith } from './hmac.ts';
import { ImageBudget } from './image-resolver.ts';
import { type IntakeRow, takeIn } from './intake.ts';
import type { Pipeline } from './pipeline.ts';
import { createPlanner } from './plan-render.ts';

const hmac = hmacWith(Buffer.alloc(32, 1));
const entry = registry.find(({ template }) => template.id === 'renewal-offer');
if (entry === undefined) throw new Error('No such template.');
const { template } = entry;
const choice = { format: '16:9', encoding: qualities.draft, asOf: '2026-06-01' } as const;
const { record } = template.fixtures.typical;
const rows = Array.from({ length: 50 }, (_, index): IntakeRow => {
  const fileName = `r${index}`;
  return { row: index + 1, fileName, warnings: [], check: { ok: true, record } };
});

/** Counts how often everything else in this process had its turn. */
function countTurns(): { readonly turns: () => number; readonly stop: () => void } {
  let turns = 0;
  let next: NodeJS.Immediate;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  next = setImmediate(count);
  return { turns: () => turns, stop: () => clearImmediate(next) };
}

/** What planning asks, answered at once: nobody was erased, nothing is known. */
const answering = {
  hmac,
  people: { suppressed: async () => new Set(), isAnyoneSuppressed: async () => false },
  renders: {
    recordedRows: async () => new Set(),
    record: async () => ({ clips: [], renders: [], begun: [] }),
  },
  clips: {
    images: async () => [],
    needImages: async () => [],
    rememberImages: async () => undefined,
    stored: async () => new Set(),
    sceneSpeeds: async () => [],
  },
  store: { has: async () => true, scratch: async () => '/nowhere/x.jpg' },
  imageSource: { fetch: async () => ({ ok: false, reason: 'there is none', retryable: false }) },
  workers: { alone: false, engineVersion: async () => '1' },
  renderer: { codeHash: async () => 'code' },
  media: { soundHash: async () => 'sound' },
  queue: { add: async () => undefined },
  metrics: { videoEnded: () => undefined, clipWanted: () => undefined },
  clock: { now: () => new Date(0) },
  linkOrigins: [],
  parallelClips: 1,
} as unknown as Pipeline;

const { signal } = new AbortController();

describe('planning many rows', () => {
  it.each([
    [
      'of a campaign',
      async () => {
        const codeHashes = new Map(Object.keys(template.scenes).map((scene) => [scene, 'code']));
        const context = { template, ...choice, engineVersion: '1', codeHashes };
        const campaign = { id: 'c', template: template.id, format: '16:9', asOf: '' } as const;
        const intake = {
          campaign,
          template,
          plannerFor: () => createPlanner(context, hmac),
          destination: undefined,
          priority: 1,
          videoId: String,
          proofsOf: () => [],
          linkOwner: () => undefined,
        };
        await takeIn(answering, intake, rows, signal);
      },
    ],
    [
      'of a forecast',
      async () => {
        async function* all() {
          yield* rows;
        }
        const forecast = await forecastCampaign(
          answering,
          {
            entry,
            ...choice,
            rows: all(),
            look: { budget: new ImageBudget({ pictures: 0, ms: 0 }), signal },
          },
          () => undefined,
        );
        expect(forecast.rows.good).toBe(rows.length);
      },
    ],
  ])('%s lets everything else have its turn while it takes long', async (_what, plan) => {
    const counted = countTurns();
    // Each look at the clock is a second later: every row takes long.
    let seconds = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (seconds += 1) * 1000);
    try {
      await plan();
      expect(counted.turns()).toBeGreaterThanOrEqual(rows.length);
    } finally {
      vi.restoreAllMocks();
      counted.stop();
    }
  });
});

import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { settleCampaigns } from '../../worker/core/settle.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import { engineColumns, newDeployment, openDeployment, removeDeployment } from './deployment.ts';
import { placeCampaign, queuePlanning, recordCampaign, statesOf, untilEnded } from './campaign-bench.ts';
import { newGate, stubParts } from './stub-parts.ts';

const parallelClips = 2;
/** Videos that are joined at a time: as many as clips are drawn. */
const parallelJoins = 2;
const eventually = { timeout: 60_000, interval: 20 };

describe.each(engineColumns)('on %s, with a campaign of 1,000 rows in the queue', (column) => {
  it('a single video is planned, drawn and joined next', async () => {
    const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
    const deployment = await newDeployment(column, servers, { concurrency: parallelClips });
    onTestFinished(() => removeDeployment(deployment));
    const [drawing, joining, planning] = [newGate(), newGate(), newGate()];
    const drawn: unknown[] = [];
    const joined: string[] = [];
    const held = new Set<string>();
    const stubs = stubParts({
      draw: (name) => {
        drawn.push(name);
        return drawing.pass();
      },
      assemble: ([, name = '']) => {
        joined.push(name);
        return joining.pass();
      },
    });
    const exchangeParts = (parts: Pipeline): Pipeline => {
      const stubbed = stubs(parts);
      return {
        ...stubbed,
        renders: {
          ...stubbed.renders,
          record: async (campaign, ...of) => {
            if (held.has(campaign)) await planning.pass();
            return stubbed.renders.record(campaign, ...of);
          },
        },
      };
    };
    const open = await openDeployment(deployment, { exchangeParts });
    onTestFinished(open.close);
    const { pipeline } = open;
    const worker = await open.startWorker();
    onTestFinished(() => worker.stop('abort'));
    const waiting = async (): Promise<number> => (await pipeline.queue.depth())['render-clip'].waiting;

    joining.close();
    const lines = Array.from({ length: 1_000 }, (_, index) => `r${index},Row ${index}`);
    const campaign = await placeCampaign(pipeline, { csv: ['id,name', ...lines, ''].join('\n') });
    await vi.waitFor(() => expect(drawn.length).toBeGreaterThan(20), eventually);
    drawing.close();
    await vi.waitFor(
      async () =>
        expect(await pipeline.campaigns.find(campaign.id)).toMatchObject({ status: { state: 'rendering' } }),
      eventually,
    );

    planning.close();
    const other = await recordCampaign(pipeline, { csv: 'id,name\no,Other\n' });
    held.add(other.id);
    await queuePlanning(pipeline, other);
    await vi.waitFor(
      async () => expect((await pipeline.queue.depth())['plan-campaign'].active).toBe(1),
      eventually,
    );

    // As many as there are places are being drawn; all others wait, and as many videos are being joined.
    await vi.waitFor(() => expect(drawing.held()).toBe(parallelClips), eventually);
    await vi.waitFor(() => expect(joining.held()).toBe(parallelJoins), eventually);
    const before = drawn.length;
    const queued = await waiting();
    expect(queued).toBeGreaterThan(900);
    const single = await placeCampaign(pipeline, { record: { name: 'Single' } });
    await vi.waitFor(async () => expect(await waiting()).toBe(queued + 1), eventually);
    expect(drawn).toHaveLength(before);

    drawing.open();
    await vi.waitFor(() => expect(drawn).toContain('Single'), eventually);
    // The places become free at the same time.
    expect(drawn.indexOf('Single')).toBeLessThan(before + parallelClips);
    await vi.waitFor(
      async () => expect((await pipeline.renders.find(single.id))?.status.state).toBe('ready'),
      eventually,
    );
    expect((await pipeline.queue.depth())['assemble-video'].waiting).toBeGreaterThan(10);
    joining.open();
    expect(statesOf(await untilEnded(pipeline, single))).toEqual(['done']);
    expect(joined.indexOf('Single')).toBeLessThan(2 * parallelJoins);

    planning.open();
    await pipeline.campaigns.cancel(campaign.id);
    await settleCampaigns(pipeline, [campaign.id]);
    await untilEnded(pipeline, campaign, 'cancelled');
    expect(statesOf(await untilEnded(pipeline, other))).toEqual(['done']);
  });
});

import { errors } from '../../errors/messages.ts';
import { createServer } from '../../server/app.ts';
import type { Registry } from '../../video/story/registry.ts';
import { isOwned, parseConfig, type Config } from '../../worker/config.ts';
import { workspaceAt } from '../../worker/adapters/workspace/workspace.ts';
import { makeApiKey } from '../../worker/keys/make-api-key.ts';
import { defaultGrace, endWork } from '../end-work.ts';
import { exitCodes } from '../exit-codes.ts';
import { findInterrupted, watchInterrupts } from '../interrupt.ts';
import type { ServeResult } from '../json-results.ts';
import { checkHealth } from '../serve/check-health.ts';
import { newApi, serveLocally, type LocalApi } from '../local-api.ts';
import { keepWorker, type KeptWorker } from '../serve/keep-worker.ts';
import { addressOf, isLoopback, listen } from '../serve/listen.ts';
import { sayWelcome } from '../serve/say-welcome.ts';
import { openServiceLog } from '../serve/service-log.ts';
import type { Setting } from '../setting.ts';
import { aborted } from '../until-aborted.ts';
import { withPipeline } from '../with-pipeline.ts';

/** The flags of `bespoke serve`, parsed. */
export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly worker: boolean;
  readonly concurrency?: number;
  readonly grace?: number;
}

/** Rendering in another process requires engines that both can reach. */
function requireSharedEngines(config: Config): void {
  if (!isOwned(config)) return;
  throw errors.serveNeedsEngines();
}

/** The worker before it has started. */
const starting = { halted: () => undefined };

/** A sample record of the first template. */
function exampleOf([first]: Registry): { readonly template: string; readonly record: object } {
  const { id = '', fixtures } = first?.template ?? {};
  return { template: id, record: fixtures?.typical.record ?? {} };
}

/**
 * Runs the HTTP API and, unless `--no-worker` is set, a worker, until it is asked to stop. In a workspace with
 * embedded engines it also does the work of other commands of this user.
 *
 * @returns 0 after it was asked to stop.
 * @throws BespokeError `workspace-held`, `address-in-use`, `worker-alone`, and the errors of the engines.
 */
export async function runServeCommand(setting: Setting, options: ServeOptions): Promise<number> {
  const { deployment, terminal, environment } = setting;
  const { host, port, worker: renders, grace = defaultGrace } = options;
  const config = parseConfig(environment);
  if (!renders) requireSharedEngines(config);
  const address = addressOf(host, port);
  const publicUrl = config.publicUrl ?? address;
  const log = openServiceLog(terminal, config.workspace, () => new Date());
  const api = newApi(renders);

  const interrupts = watchInterrupts(terminal, () =>
    terminal.say(
      `Stopping: running requests and clips have ${grace} s to end. Press Ctrl-C again to stop at once.`,
    ),
  );
  const began = performance.now();
  let gaveBack = false;
  try {
    const registry = await deployment.loadRegistry();
    const surroundings = { ...options, api, log, publicUrl };
    await withPipeline(setting, registry, surroundings, async (open) => {
      const { pipeline, requests, metrics, startWorker } = open;
      const server = await createServer({
        pipeline: requests,
        health: () => checkHealth(open.health, renders ? (worker ?? starting) : undefined),
        halted: () => worker?.halted(),
        metrics: metrics.expose,
        publicUrl,
        linkDays: config.linkDays,
        webhookOrigins: config.webhookOrigins,
        uploadLimitBytes: config.uploadLimitBytes,
        rateLimit: config.rateLimit,
        log: log.server,
      });
      await listen(server, host, port);
      let worker: KeptWorker | undefined;
      let local: LocalApi | undefined;
      try {
        worker = renders
          ? await keepWorker(startWorker, (why) => {
              if (why === undefined) log.info('Rendering continues');
              else log.server.error({ code: why.code, why: why.message }, 'Rendering has halted');
            })
          : undefined;
        const { text, key } = makeApiKey('first', ['admin']);
        sayWelcome(terminal, {
          address,
          publicUrl,
          firstKey: (await pipeline.keys.addFirst(key)) ? text : undefined,
          example: exampleOf(registry),
          parallelClips: renders ? pipeline.parallelClips : undefined,
          linksLeadHere: config.publicUrl === undefined && !isLoopback(host),
        });
        if (isOwned(config))
          local = await serveLocally(server, workspaceAt(config.workspace).owner, api.socket);
        await aborted(interrupts.signal);
      } finally {
        gaveBack = await endWork(worker, grace, [server.close()]);
        await local?.close();
        server.server.closeAllConnections();
      }
    });
    terminal.say(gaveBack ? 'Stopped. Running work was returned to the queue.' : 'Stopped. Nothing is lost.');
    terminal.json({
      address,
      seconds: Math.round(performance.now() - began) / 1000,
      stoppedBy: findInterrupted(undefined, interrupts.signal)?.by ?? 'SIGTERM',
      gaveBack,
    } satisfies ServeResult);
    return exitCodes.ok;
  } finally {
    interrupts.dispose();
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { rowFields } from '../../data/record.ts';
import { type BespokeError, hasCode } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { createServer } from '../../server/app.ts';
import type { Registry } from '../../video/story/registry.ts';
import { workspaceAt } from '../../worker/adapters/workspace/workspace.ts';
import type { Health, PartHealth } from '../../worker/check-health.ts';
import type { OpenPipeline, RunningWorker } from '../../worker/compose.ts';
import { type Config, isOwned, parseConfig } from '../../worker/config.ts';
import { makeApiKey } from '../../worker/core/keys.ts';
import { type LocalApi, newApi, serveLocally } from '../client/own-api.ts';
import { sayLocal } from '../client/remote.ts';
import { type CommandContext, exitCodes } from '../context.ts';
import { withPipeline } from '../engines.ts';
import { aborted, findInterrupted, watchInterrupts } from '../interrupt.ts';
import type { ServeResult } from '../json-results.ts';
import { countOf, labelled, typedWord } from '../layout.ts';
import { toErrorReport } from '../report-error.ts';
import {
  addressOf,
  defaultGrace,
  endWork,
  holdPort,
  isLoopback,
  listen,
  openServiceLog,
} from '../services.ts';
import type { Terminal } from '../terminal.ts';

/** The flags of `bespoke serve`, parsed. */
export interface ServeOptions {
  /** 0 is any free one. */
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

/** A sample record of the first template, without settings, which belong to the order. */
function exampleOf([first]: Registry): { readonly template: string; readonly record: object } {
  if (first === undefined) return { template: '', record: {} };
  const { id, fixtures, record } = first.template;
  const own = new Set(Object.keys(rowFields(record)));
  const values = Object.entries(fixtures.typical.record).filter(([name]) => own.has(name));
  return { template: id, record: Object.fromEntries(values) };
}

/**
 * Runs the HTTP API and, unless `--no-worker` is set, a worker, until it is asked to stop. In a workspace with
 * embedded engines it also does the work of other commands of this user.
 *
 * @returns 0 after it was asked to stop.
 * @throws BespokeError `workspace-held`, `address-in-use`, `worker-alone`, and the errors of the engines.
 */
export async function runServeCommand(context: CommandContext, options: ServeOptions): Promise<number> {
  const { deployment, terminal, environment } = context;
  const { host, port, worker: renders, grace = defaultGrace } = options;
  const config = parseConfig(environment);
  sayLocal(context, 'This command runs a server of its own.');
  if (!renders) requireSharedEngines(config);
  const held = port === 0 ? await holdPort(host) : undefined;
  const address = addressOf(host, held?.port ?? port);
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
    const engines = { ...options, api, log, publicUrl };
    await withPipeline(context, registry, engines, async (open) => {
      const { pipeline, requests, metrics, startWorker } = open;
      const server = await createServer({
        pipeline: requests,
        health: () => checkHealth(open.health, renders ? (worker ?? starting) : undefined),
        halted: () => worker?.halted(),
        metrics: metrics.expose,
        publicUrl,
        servesViewers: true,
        linkDays: config.linkDays,
        webhookOrigins: config.webhookOrigins,
        uploadLimitBytes: config.uploadLimitBytes,
        rateLimit: config.rateLimit,
        log: log.server,
      });
      await (held === undefined ? listen(server, host, port) : held.give(server.server));
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
    held?.release();
    interrupts.dispose();
  }
}

/** What a server shows when it has started. */
export interface Welcome {
  /** Where this process can be reached from this machine. */
  readonly address: string;
  /** The address in links, which can be another one. */
  readonly publicUrl: string;
  /** The key that was created because there was none. */
  readonly firstKey: string | undefined;
  /** A template and a record to try it with. */
  readonly example: { readonly template: string; readonly record: object };
  /** Clips at a time; `undefined` where other processes render. */
  readonly parallelClips: number | undefined;
  /** The server listens on all addresses, but its links only work on this machine. */
  readonly linksLeadHere: boolean;
}

/** Shows the address of a server and, the first time, its key. */
function sayWelcome(terminal: Terminal, welcome: Welcome): void {
  const { say, paint } = terminal;
  const { address, publicUrl, firstKey, example, parallelClips, linksLeadHere } = welcome;
  const line = (label: string, text: string): void => say(labelled(label, [text], paint));
  line('Address', address);
  if (publicUrl !== address) line('Public', publicUrl);
  line('Docs', `${address}/docs`);
  line(
    'Worker',
    parallelClips === undefined
      ? 'none here; `bespoke worker` renders'
      : `${countOf(parallelClips, 'clip')} at a time`,
  );
  if (linksLeadHere) {
    say(
      `\n${paint.yellow('Note')}   The server listens on all addresses, but BESPOKE_PUBLIC_URL is not set, so links start with ${publicUrl}. Set it to the address that viewers use.`,
    );
  }
  if (firstKey !== undefined) {
    say(`\nYour first API key, with all scopes. It is shown only once:\n\n  ${paint.bold(firstKey)}\n`);
    say(`Try it:\n`);
    say(`  curl -s ${address}/v1/renders \\`);
    say(`    -H ${typedWord(`Authorization: Bearer ${firstKey}`)} \\`);
    say(`    -H 'Content-Type: application/json' \\`);
    say(`    -d ${typedWord(JSON.stringify({ ...example, quality: 'draft' }))}\n`);
  }
  say('Ready. Ctrl-C stops.');
}

const tryAgainMs = 30_000;

/** A worker that starts again after it has halted. */
export interface KeptWorker extends Pick<RunningWorker, 'stop'> {
  /** Why nothing is rendered at the moment, if so. */
  readonly halted: () => Pick<BespokeError, 'code' | 'message'> | undefined;
}

/**
 * Runs a worker beside the API. When the machine stops it (disk full, no browser), its jobs return to the queue
 * and it starts again every half minute, until that succeeds. Finished videos stay available meanwhile.
 *
 * @param note is called when rendering halts and when it continues.
 */
export async function keepWorker(
  startWorker: OpenPipeline['startWorker'],
  note: (why: Pick<BespokeError, 'code' | 'message'> | undefined) => void,
  pauseMs = tryAgainMs,
): Promise<KeptWorker> {
  const ending = new AbortController();
  let why: Pick<BespokeError, 'code' | 'message'> | undefined;
  let running: RunningWorker | undefined;
  let restarting: Promise<void> = Promise.resolve();

  function halt(error: unknown): void {
    why = toErrorReport(error);
    note(why);
  }

  async function startAgain(): Promise<void> {
    while (!ending.signal.aborted) {
      await sleep(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined);
      if (ending.signal.aborted) return;
      try {
        watch(await startWorker());
        why = undefined;
        note(undefined);
        return;
      } catch (error) {
        halt(error);
      }
    }
  }

  function watch(worker: RunningWorker): void {
    running = worker;
    worker.halted.addEventListener(
      'abort',
      () => {
        running = undefined;
        halt(worker.halted.reason);
        restarting = worker
          .stop('abort')
          .catch(() => undefined)
          .then(startAgain);
      },
      { once: true },
    );
  }

  try {
    watch(await startWorker());
  } catch (error) {
    if (!hasCode(error, 'browser-missing')) throw error;
    halt(error);
    restarting = startAgain();
  }
  return {
    halted: () => why,
    stop: async (how) => {
      ending.abort();
      await restarting;
      await running?.stop(how);
    },
  };
}

/**
 * The health of a server. A worker that has halted shows as a failure of the part that stopped it.
 *
 * @param worker unset where other processes render, so that this one requires no browser.
 */
async function checkHealth(
  health: OpenPipeline['health'],
  worker: Pick<KeptWorker, 'halted'> | undefined,
): Promise<Health> {
  const found = await health({ browser: worker !== undefined });
  const why = worker?.halted();
  if (why === undefined) return found;
  const part: PartHealth = { ok: false, message: why.message };
  return why.code === 'browser-missing' ? { ...found, browser: part } : { ...found, store: part };
}

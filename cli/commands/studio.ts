import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { today } from '../../data/check-record.ts';
import { errors } from '../../errors/messages.ts';
import type { Registry } from '../../video/story/registry.ts';
import { boundCommand, toolEnvironment } from '../../worker/adapters/media/bound-command.ts';
import { findBrowser, writeBrowserScript } from '../../worker/adapters/render/find-browser.ts';
import { writeStudio } from '../../worker/adapters/render/studio-entry.ts';
import { foldersOf } from '../../worker/adapters/templates/find-templates.ts';
import { tsconfigOf } from '../../worker/adapters/templates/path-aliases.ts';
import { workspaceAt } from '../../worker/adapters/workspace/workspace.ts';
import { type Config, parseConfig } from '../../worker/config.ts';
import { recordingFile } from '../../worker/core/clips.ts';
import { fetchStoredImage, inlineImage, resolveImages } from '../../worker/core/image-resolver.ts';
import { sayLocal } from '../client/remote.ts';
import { type CommandContext, exitCodes } from '../context.ts';
import { withDrawing } from '../engines.ts';
import { chooseTemplate, openCsv, readRow, type TableFlags } from '../input.ts';
import { watchInterrupts } from '../interrupt.ts';
import type { StudioResult } from '../json-results.ts';
import { plain } from '../terminal.ts';

/** The flags of `bespoke studio`, parsed. */
export interface StudioOptions extends TableFlags {
  readonly template?: string;
  readonly csv?: string;
  readonly row?: number;
  readonly port?: number;
  /** False for `--no-open`. */
  readonly open: boolean;
}

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The row as Studio's root reads it, with its pictures and recordings inside; see `video/studio/row-props.ts`. */
async function rowProps(
  context: CommandContext,
  registry: Registry,
  csv: string,
  options: StudioOptions,
  signal: AbortSignal,
): Promise<object> {
  const entry = chooseTemplate(registry, options.template);
  const { template } = entry;
  const number = options.row ?? 1;
  const record = await readRow(await openCsv(context, csv, entry, options), number);
  const media = await withDrawing(context, async (drawing) => {
    const [resolved] = await resolveImages(drawing, template.record, [record], {
      signal,
      needed: false,
    });
    for (const { message } of resolved?.warnings ?? []) context.terminal.say(`Note   ${plain(message)}`);
    const images: Record<string, string> = {};
    const audio: Record<string, { readonly seconds: number; readonly url: string }> = {};
    for (const [field, file] of Object.entries(resolved?.images ?? {})) {
      if (file.kind !== 'stored') continue;
      if ('seconds' in file) {
        const recording = await readFile(await drawing.store.fetch('speech', recordingFile(file.hash)));
        const url = `data:audio/wav;base64,${recording.toString('base64')}`;
        audio[field] = { seconds: file.seconds, url };
      } else images[field] = await inlineImage(await fetchStoredImage(drawing.store, file.hash));
    }
    return { images, audio };
  });
  return {
    bespokeRow: {
      template: template.id,
      name: `row-${number}`,
      record,
      ...media,
      asOf: options.asOf ?? today(),
    },
  };
}

/** Passes Studio's output on. Its line with the address is replaced: it names one on which Studio does not listen. */
async function relay(
  output: Readable,
  { terminal }: CommandContext,
  { csv, row = 1 }: StudioOptions,
): Promise<void> {
  for await (const line of createInterface({ input: output })) {
    const url = /^Server ready.*?(http:\/\/localhost:\d+)/.exec(line)?.[1];
    if (url === undefined) {
      terminal.say(line);
      continue;
    }
    const what = csv === undefined ? '' : ` with row ${row} of ${plain(path.basename(csv))}`;
    terminal.say(`Studio${what} is on ${url}. Ctrl-C stops it.`);
    terminal.result(url);
    terminal.json({ url } satisfies StudioResult);
  }
}

/** The browser that would render clips, so that rendering from Studio's page works where none is installed. */
async function browserSetting({ browser, workspace }: Config): Promise<{ BESPOKE_BROWSER?: string }> {
  const cacheDirectory = workspaceAt(workspace).cache;
  try {
    const found = await findBrowser({ configured: browser, root: projectRoot, cacheDirectory });
    await mkdir(cacheDirectory, { recursive: true, mode: 0o700 });
    return { BESPOKE_BROWSER: await writeBrowserScript(found, path.join(cacheDirectory, 'studio-browser')) };
  } catch {
    return {};
  }
}

/** What Studio reads of our environment besides what every program needs: it opens a browser and renders. */
const studioVariables = [
  ...['BESPOKE_BROWSER', 'REMOTION_LICENSE_KEY', 'NO_COLOR', 'FORCE_COLOR'],
  ...['BROWSER', 'DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS'],
];

function studioSettings(environment: CommandContext['environment']): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const name of studioVariables) {
    const value = environment[name];
    if (value !== undefined) settings[name] = value;
  }
  return settings;
}

const ended = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? exitCodes.ok) : exitCodes.ok));
  });

/**
 * Runs Remotion Studio on the templates until it is stopped. What it needs, with a real row if one is shown, is in a
 * private folder of the workspace, which is removed afterwards.
 */
export async function runStudioCommand(context: CommandContext, options: StudioOptions): Promise<number> {
  const { deployment, terminal, environment } = context;
  if (options.csv === undefined && options.row !== undefined) {
    throw errors.rowWithoutCsv();
  }
  sayLocal(context, 'Studio shows the templates of this machine.');
  const config = parseConfig(environment);
  const folder = path.join(config.workspace, 'studio', randomUUID());
  let child: ChildProcess | undefined;
  const interrupts = watchInterrupts(terminal, () => child?.kill('SIGTERM'));
  try {
    // It says which templates Studio cannot show.
    const registry = await deployment.loadRegistry();
    // A template that is broken is shown as soon as it is mended.
    const templates = [...foldersOf(registry), ...foldersOf(registry.broken ?? [])];
    const props =
      options.csv === undefined
        ? undefined
        : await rowProps(context, registry, options.csv, options, interrupts.signal);
    const args = ['studio', ...(await writeStudio(templates, folder))];
    if (props !== undefined) {
      const propsFile = path.join(folder, 'row.json');
      await writeFile(propsFile, JSON.stringify(props), { mode: 0o600 });
      args.push(`--props=${propsFile}`);
    }
    if (options.port !== undefined) args.push(`--port=${options.port}`);
    if (!options.open) args.push('--no-open');
    const cli = path.join(
      path.dirname(createRequire(import.meta.url).resolve('@remotion/cli/package.json')),
      'remotion-cli.js',
    );
    interrupts.signal.throwIfAborted();
    const { command, args: bound } = boundCommand(process.execPath, [cli, ...args]);
    child = spawn(command, bound, {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: toolEnvironment({
        ...studioSettings(environment),
        ...(await browserSetting(config)),
        BESPOKE_TSCONFIG: tsconfigOf(templates),
      }),
    });
    child.stderr?.pipe(terminal.stream, { end: false });
    if (child.stdout !== null) void relay(child.stdout, context, options);
    const status = await ended(child);
    return interrupts.signal.aborted || status === 0 ? exitCodes.ok : exitCodes.failed;
  } finally {
    interrupts.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

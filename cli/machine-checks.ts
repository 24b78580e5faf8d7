import { stat, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BespokeError } from '../errors/bespoke-error.ts';
import type { Registry } from '../video/story/registry.ts';
import type { DatabaseAccess } from '../worker/adapters/database/database.ts';
import { connectPgliteTables, openPglite } from '../worker/adapters/database/pglite.ts';
import { connectPostgresTables, lookAtSession } from '../worker/adapters/database/postgres.ts';
import { runTool } from '../worker/adapters/media/ffmpeg.ts';
import { packageFolder } from '../worker/adapters/package-folder.ts';
import { connectRedis } from '../worker/adapters/queue/redis.ts';
import { findBrowser } from '../worker/adapters/render/find-browser.ts';
import { RenderingBrowser, type Sandbox } from '../worker/adapters/render/rendering-browser.ts';
import { openStore, type StoreOptions } from '../worker/adapters/store/open-store.ts';
import { ownWorkspace } from '../worker/adapters/workspace/owner.ts';
import { loadSecret } from '../worker/adapters/workspace/secret.ts';
import type { Workspace } from '../worker/adapters/workspace/workspace.ts';
import type { Config, StoreConfig } from '../worker/config.ts';
import type { Log } from '../worker/core/ports.ts';
import type { DoctorResult } from './json-results.ts';
import { formatBytes } from './layout.ts';
import { toErrorReport } from './report-error.ts';

/** The result of a check, with advice where something is wrong. */
export type Finding = DoctorResult['checks'][number];

export const ok = (name: string, found: string): Finding => ({ name, state: 'ok', found, advice: null });

export const warn = (name: string, found: string, advice: string): Finding => ({
  name,
  state: 'warn',
  found,
  advice,
});

export const fail = (name: string, found: string, advice: string): Finding => ({
  name,
  state: 'fail',
  found,
  advice,
});

/** Runs a check. An error is its result. */
export async function guarded(name: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof BespokeError) return fail(name, error.message, error.hint);
    const { message, hint, code } = toErrorReport(error);
    return fail(name, code === 'internal' && error instanceof Error ? error.message : message, hint);
  }
}

const oldest = [20, 19] as const;

/** Whether this Node is one that the project supports. */
export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  return enough ? ok('Node', version) : fail('Node', version, `Install Node ${oldest.join('.')} or newer.`);
}

const comfortable = 2e9;
const perClip = 700e6;

/** Cores decide the speed, memory how many clips can be drawn at a time. */
export function checkMachine(configured: number | undefined): Finding {
  const cores = availableParallelism();
  const available = process.availableMemory();
  const clips = configured ?? cores;
  const found = `${cores} cores, ${formatBytes(available)} of ${formatBytes(totalmem())} memory available, ${clips} clips at a time`;
  if (available >= comfortable && available >= clips * perClip) return ok('Machine', found);
  return warn(
    'Machine',
    found,
    'Close other programs or lower BESPOKE_CONCURRENCY. Each clip that is rendered takes about 700 MB.',
  );
}

const scarce = 5e9;
const tooLittle = 500e6;

/** Checks the free space for clips and videos. */
export async function checkDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${formatBytes(free)} free for ${folder}`;
  const advice = 'Free some space, or put the workspace on another disk with BESPOKE_WORKSPACE.';
  if (free < tooLittle) return fail('Disk', found, advice);
  return free < scarce ? warn('Disk', found, advice) : ok('Disk', found);
}

const startupMs = 5_000;

/** Checks that Redis answers and keeps its jobs, or that the queue is embedded. */
export async function checkQueue({ redisUrl }: Config, log: Log): Promise<Finding> {
  if (redisUrl === undefined) return ok('Queue', 'embedded (set REDIS_URL to share work between machines)');
  const engine = await connectRedis({ url: redisUrl, log, startupMs });
  await engine.close();
  const { host } = new URL(redisUrl);
  const { nodes } = engine;
  return ok(
    'Queue',
    nodes === undefined
      ? `Redis at ${host}, noeviction`
      : `Redis Cluster at ${host}, ${nodes} primary nodes, noeviction`,
  );
}

/** What is between this machine and PostgreSQL, and whether anything limits its statements. */
async function describePostgres(databaseUrl: string): Promise<Finding> {
  const { host } = new URL(databaseUrl);
  const { pooled, statementMs } = await lookAtSession(databaseUrl);
  if (!pooled) return ok('Database', `PostgreSQL at ${host}`);
  const found = `PostgreSQL behind a connection pooler at ${host}`;
  if (statementMs > 0) return ok('Database', found);
  return warn(
    'Database',
    `${found}; no time limit for statements`,
    "Behind a pooler Bespoke cannot set one itself. Run: alter role … set statement_timeout = '60s'",
  );
}

/** Opens the tables. Those of a workspace that another process uses are not opened. */
export async function checkDatabase(
  { databaseUrl }: Config,
  workspace: Workspace,
  log: Log,
  look: (tables: DatabaseAccess) => Promise<void>,
): Promise<Finding> {
  if (databaseUrl !== undefined) {
    const tables = await connectPostgresTables({ url: databaseUrl, log, startupMs });
    try {
      await look(tables);
    } finally {
      await tables.close();
    }
    return describePostgres(databaseUrl);
  }
  try {
    const owner = await ownWorkspace(workspace.root, workspace.owner, 'bespoke doctor');
    try {
      const database = await openPglite(workspace.database);
      try {
        const tables = await connectPgliteTables(database);
        await look(tables);
        await tables.close();
      } finally {
        await database.close();
      }
    } finally {
      await owner.release();
    }
  } catch (error) {
    if (!(error instanceof BespokeError) || error.code !== 'workspace-held') throw error;
    return warn('Database', `embedded; ${error.message}`, error.hint);
  }
  return ok('Database', `embedded in ${workspace.root}`);
}

/** Checks that the secret is long enough and private. Never shows it. */
export async function checkSecret({ secret }: Config, { secret: file }: Workspace): Promise<Finding> {
  if (secret !== undefined) {
    await loadSecret(file, secret);
    return ok('Secret', 'set in BESPOKE_SECRET');
  }
  const before = await stat(file).catch(() => undefined);
  if (before === undefined) return ok('Secret', 'created on first use');
  const open = (before.mode & 0o077) !== 0;
  await loadSecret(file, undefined);
  if (!open) return ok('Secret', `${file}, readable by you only`);
  return (await stat(file)).mode & 0o077
    ? fail('Secret', `${file} is readable by others`, `chmod 600 ${file}`)
    : warn(
        'Secret',
        `${file} was readable by others; its permissions were corrected`,
        'Anyone who has read it can guess links.',
      );
}

type Bucket = Extract<StoreConfig, { readonly kind: 's3' }>;

/** Names that only machines in the store's network know: one word, or addresses that are not public. */
const insideOnly =
  /^(?:[^.:]+|.*\.(?:internal|local|lan)|127\..*|10\..*|192\.168\..*|172\.(?:1[6-9]|2\d|3[01])\..*|\[.*\])$/;

/** Why viewers' browsers could not follow a redirect to the store, judged by the addresses. */
function troubleOfViewers({ endpoint, publicEndpoint }: Bucket, publicUrl: string): string | undefined {
  const sentTo = publicEndpoint ?? endpoint;
  if (sentTo === undefined) return undefined;
  const { hostname, protocol, origin } = new URL(sentTo);
  const own = new URL(publicUrl);
  if (insideOnly.test(hostname) && !insideOnly.test(own.hostname)) {
    return `Viewers of ${own.origin} are redirected to ${origin}, which only machines in the same network can reach. Set BESPOKE_S3_PUBLIC_ENDPOINT to its address for browsers.`;
  }
  if (protocol === 'http:' && own.protocol === 'https:') {
    return `Viewers of ${own.origin} are redirected to ${origin}; browsers do not load http files on an https page. Set BESPOKE_S3_PUBLIC_ENDPOINT to an https address.`;
  }
  return undefined;
}

/** Checks that the store can write, read and remove files, and that viewers can reach them. */
export async function checkStore(
  { store, publicUrl }: Pick<Config, 'store' | 'publicUrl'>,
  options: StoreOptions,
): Promise<Finding> {
  const opened = await openStore(store, options);
  const started = performance.now();
  await opened.probe();
  if (store.kind === 'folder') return ok('Store', store.folder);
  const host = store.endpoint === undefined ? `Amazon S3, ${store.region}` : new URL(store.endpoint).host;
  const took = Math.round(performance.now() - started);
  const found = `s3://${store.bucket}/${store.prefix} at ${host}; written, read and removed in ${took} ms`;
  const trouble = publicUrl === undefined ? undefined : troubleOfViewers(store, publicUrl);
  return trouble === undefined ? ok('Store', found) : warn('Store', found, trouble);
}

const projectRoot = fileURLToPath(new URL('../', import.meta.url));

const sources = {
  configured: 'set in BESPOKE_BROWSER',
  remotion: 'downloaded by Remotion',
  path: 'found on the PATH',
  shipped: 'shipped in an npm package',
  downloaded: 'downloaded by Remotion just now',
} as const;

const sandboxes = {
  on: 'in its sandbox',
  root: 'without its sandbox, which root cannot use',
  unsupported: 'without its sandbox, which this system does not allow',
} as const satisfies Readonly<Record<Sandbox, string>>;

const installAdvice =
  'On Debian: apt-get install chromium-headless-shell. Or set BESPOKE_BROWSER to your own Chromium.';

/** Finds the browser for rendering and starts it once. */
export async function checkBrowser(configured: string | undefined, cacheDirectory: string): Promise<Finding> {
  try {
    const found = await findBrowser({ configured, root: projectRoot, cacheDirectory });
    const browser = await RenderingBrowser.launch(found, cacheDirectory);
    await browser.kill();
    const name = `${path.basename(found.executable)} ${found.version}, ${sources[found.source]}, ${sandboxes[browser.sandbox]}`;
    if (browser.drawsOnDemand) return ok('Browser', name);
    return warn(
      'Browser',
      name,
      'It works; the headless shell is faster. On Debian: apt-get install chromium-headless-shell.',
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : 'it does not start';
    return fail('Browser', message, installAdvice);
  }
}

/** Runs the encoder that comes with Remotion. */
export async function checkFfmpeg(): Promise<Finding> {
  const text = (await runTool('ffmpeg', ['-version'])).toString();
  const version = /version (\S+)/.exec(text)?.[1] ?? 'of unknown version';
  return ok('ffmpeg', `${version}, shipped with Remotion`);
}

const scripts = {
  Latin: 'Åß',
  Cyrillic: 'Щя',
  Greek: 'Ωλ',
  Vietnamese: 'ễự',
  Arabic: 'عم',
  Hebrew: 'שם',
  Chinese: '请您',
  Japanese: 'あン',
  Korean: '한국',
  Devanagari: 'कष',
  Bengali: 'কৰ',
  Gurmukhi: 'ਗੁ',
  Gujarati: 'ગુ',
  Odia: 'ଓଡ',
  Tamil: 'தமி',
  Telugu: 'తెలు',
  Kannada: 'ಕನ',
  Malayalam: 'മല',
  Sinhala: 'සිං',
  Thai: 'กั',
  Lao: 'ລາ',
  Khmer: 'ខែ',
  Burmese: 'မန်',
  Georgian: 'ქა',
  Armenian: 'հա',
  Ethiopic: 'አማ',
  emoji: '🎉👩',
} as const;

const scriptSlugs = [
  ...[
    'armenian',
    'bengali',
    'devanagari',
    'ethiopic',
    'georgian',
    'gujarati',
    'gurmukhi',
    'kannada',
    'khmer',
  ],
  ...['lao', 'malayalam', 'myanmar', 'oriya', 'sinhala', 'tamil', 'telugu', 'thai'],
];

const fontPackages = [
  '@fontsource-variable/inter',
  '@fontsource-variable/noto-sans-arabic',
  '@fontsource-variable/noto-sans-hebrew',
  '@fontsource-variable/noto-sans-jp',
  '@fontsource-variable/noto-sans-kr',
  '@fontsource-variable/noto-sans-sc',
  ...scriptSlugs.map((script) => `@fontsource-variable/noto-sans-${script}`),
  '@fontsource/noto-color-emoji',
];

/** Whether the bundled fonts are installed, and which scripts each template can write. */
export async function checkFonts(registry: Registry): Promise<Finding> {
  const missing = fontPackages.filter((name) => packageFolder(name, projectRoot) === undefined);
  if (missing.length > 0) {
    return fail('Fonts', `not installed: ${missing.join(', ')}`, 'Run npm install again.');
  }
  const gaps = registry.flatMap(({ template }) =>
    Object.entries(scripts)
      .filter(([, sample]) =>
        Array.from(sample).some((each) => !template.glyphs.covers(each.codePointAt(0) ?? 0)),
      )
      .map(([script]) => `${template.id}: ${script}`),
  );
  const names = Object.keys(scripts);
  if (gaps.length === 0)
    return ok('Fonts', `bundled for ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);
  return warn(
    'Fonts',
    `no bundled font for ${gaps.join(', ')}`,
    'Rows with such characters show the fallback or fail. Add a font package to the template.',
  );
}

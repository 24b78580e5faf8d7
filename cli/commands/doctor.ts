import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, type Client } from '../../client/api-client.ts';
import { hasCode } from '../../errors/bespoke-error.ts';
import { errorCatalogue } from '../../errors/catalogue.ts';
import { errors } from '../../errors/messages.ts';
import type { Registry } from '../../video/story/registry.ts';
import { createCuts } from '../../worker/adapters/database/cuts.ts';
import { loadSecret } from '../../worker/adapters/workspace/secret.ts';
import { openWorkspace } from '../../worker/adapters/workspace/workspace.ts';
import { describeCuts } from '../../worker/campaigns/describe-template.ts';
import type { DescribedCut } from '../../worker/campaigns/template-schema.ts';
import { parseConfig } from '../../worker/config.ts';
import type { CutRecord } from '../../worker/core/cuts.ts';
import { hmacWith } from '../../worker/core/hmac.ts';
import { sayCuts } from '../batch/summary.ts';
import { namesRemote, parseRemote } from '../client/remote.ts';
import { exitCodes, version, type CommandContext } from '../context.ts';
import { openPrivateLog, withDrawing } from '../engines.ts';
import type { DoctorResult } from '../json-results.ts';
import { countOf, typedPath } from '../layout.ts';
import {
  checkBrowser,
  checkDatabase,
  checkDisk,
  checkFfmpeg,
  checkFonts,
  checkMachine,
  checkNode,
  checkQueue,
  checkSecret,
  checkStore,
  fail,
  guarded,
  ok,
  warn,
  type Finding,
} from '../machine-checks.ts';
import { checkVoice } from '../check-voice.ts';
import { checkProxy, checkPublicAddress } from '../network-checks.ts';
import { plain, wrapWords, type Terminal } from '../terminal.ts';

const nameWidth = 11;
const stateWidth = 6;

function printFinding({ name, state, found, advice }: Finding, terminal: Terminal): void {
  const { paintResult: paint, result, columns } = terminal;
  const marks = { ok: paint.green, warn: paint.yellow, fail: paint.red };
  const indent = 2 + stateWidth + nameWidth;
  const width = Math.max(40, Math.min(columns(), 110) - indent);
  const label = `  ${marks[state](state.padEnd(stateWidth))}${name.padEnd(nameWidth)}`;
  result(label + wrapWords(found, width).join(`\n${' '.repeat(indent)}`));
  for (const line of advice === null ? [] : wrapWords(advice, width)) {
    result(' '.repeat(indent) + paint.yellow(line));
  }
}

/** Runs a check and shows what it finds. */
type Check = (name: string, run: () => Promise<Finding> | Finding) => Promise<Finding>;

function describeSettings(environment: CommandContext['environment']): Finding {
  const set = Object.keys(environment).filter((name) =>
    /^(BESPOKE_.*|REDIS_URL|DATABASE_URL|REMOTION_LICENSE_KEY|(?:HTTPS|NO)_PROXY|(?:https|no)_proxy)$/.test(
      name,
    ),
  );
  return ok('Settings', set.length === 0 ? 'all at their defaults' : `${set.join(', ')} set`);
}

function licenceNote(key: string | undefined): Finding {
  const who =
    'Remotion is free for individuals, non-profits and companies of up to three people; others need its company licence';
  return ok('Licence', key === undefined ? `${who} (remotion.pro)` : `${who}; a key is set and passed on`);
}

/** Everything that this machine requires to render. */
async function checkThisMachine(context: CommandContext, check: Check): Promise<void> {
  const { deployment, environment } = context;
  let config: ReturnType<typeof parseConfig> | undefined;
  await check('Settings', () => {
    config = parseConfig(environment);
    return describeSettings(environment);
  });
  if (config === undefined) return;
  const settled = config;
  await check('Machine', () => checkMachine(settled.concurrency));
  let workspace: Awaited<ReturnType<typeof openWorkspace>> | undefined;
  let cuts: readonly CutRecord[] = [];
  await check('Workspace', async () => {
    workspace = await openWorkspace(settled.workspace);
    return ok('Workspace', workspace.root);
  });
  if (workspace !== undefined) {
    const opened = workspace;
    const log = openPrivateLog(settled.workspace, () => new Date());
    await check('Secret', () => checkSecret(settled, opened));
    await check('Queue', () => checkQueue(settled, log));
    await check('Database', () =>
      checkDatabase(settled, opened, log, async (tables) => {
        cuts = await createCuts(tables).list();
      }),
    );
    const cacheFolder = path.join(opened.cache, 'store');
    const store = await check('Store', () => checkStore(settled, { cacheFolder, log }));
    const kept = settled.store.kind === 'folder' ? settled.store.folder : cacheFolder;
    if (store.state !== 'fail') await check('Disk', () => checkDisk(kept));
    await check('Browser', () => checkBrowser(settled.browser, opened.cache));
  }
  const { publicUrl, proxy } = settled;
  if (publicUrl !== undefined) await check('Public URL', () => checkPublicAddress(publicUrl));
  if (proxy !== undefined) await check('Proxy', () => checkProxy(proxy));
  await check('ffmpeg', checkFfmpeg);
  await check('Voice', () => checkVoice(settled));
  let registry: Registry = [];
  await check('Templates', async () => {
    registry = await deployment.loadRegistry();
    const { broken = [] } = registry;
    const folders = new Set(
      [...registry, ...broken].map(({ directory }) => typedPath(path.dirname(fileURLToPath(directory)))),
    );
    const templates = registry.map(({ template }) => template);
    return describeTemplates(templates, broken, ` in ${[...folders].join(', ')}`);
  });
  if (workspace !== undefined && cuts.length > 0) {
    const hmac = hmacWith(await loadSecret(workspace.secret, settled.secret));
    await check('Cuts', () =>
      withDrawing(context, async ({ renderer }) => {
        const described = registry.map(async (entry) => ({
          id: entry.template.id,
          cuts: await describeCuts({ hmac, renderer }, entry, cuts),
        }));
        return describeProofs(await Promise.all(described));
      }),
    );
  }
  await check('Fonts', () => checkFonts(registry));
  await check('Licence', () => licenceNote(settled.remotionLicenseKey));
}

/** Long enough for a slow network, short enough to wait for. */
const patienceMs = 5_000;

/** A part of a server, such as `queue`, as its `/readyz` reports it. */
function describePart(part: string, state: 'ok' | 'away'): Finding {
  const name = part.charAt(0).toUpperCase() + part.slice(1);
  if (state === 'ok') return ok(name, 'works');
  if (part === 'jobs') return fail(name, 'a job does not end in time', 'Restart the process of the server.');
  return fail(
    name,
    'does not answer, or refuses a write',
    'Run `bespoke doctor` on the server, and look at its log.',
  );
}

/** Whether the key may make a call. A request that is refused for its content was allowed. */
async function allows(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
  } catch (error) {
    if (hasCode(error, 'key-forbidden')) return false;
    if (!hasCode(error, 'request-invalid')) throw error;
  }
  return true;
}

/** Which templates there are, and which are left out. @param where such as ` in templates`. */
function describeTemplates(
  templates: readonly { readonly id: string; readonly version: number }[],
  broken: readonly Parameters<typeof errors.templateBroken>[0][],
  where = '',
): Finding {
  const named = templates.map((each) => `${plain(each.id)} (version ${each.version})`);
  const found = `${countOf(templates.length, 'template')}${where}: ${named.join(', ')}`;
  if (broken.length === 0) return ok('Templates', found);
  const reasons = broken.map((each) => plain(errors.templateBroken(each).message));
  return warn('Templates', [found, ...reasons].join('. '), errorCatalogue['template-broken'].hint);
}

/** How far cuts are proven. Scenes of which one was withdrawn are drawn whole, which costs time. */
function describeProofs(
  templates: readonly { readonly id: string; readonly cuts?: readonly DescribedCut[] | undefined }[],
): Finding {
  const cuts = templates.flatMap((each) => each.cuts ?? []);
  const proven = cuts.reduce((sum, each) => sum + each.proven, 0);
  const found = `${countOf(cuts.length, 'cut scene')}: ${countOf(proven, 'part')} drawn again with whole records`;
  const withdrawn = templates.flatMap(({ id, cuts: own = [] }) =>
    sayCuts(
      id,
      own.filter((each) => each.withdrawn !== undefined),
    ),
  );
  if (withdrawn.length === 0) return ok('Cuts', `${found}, no difference`);
  return warn('Cuts', found, withdrawn.join(' '));
}

/** What the key allows, found by harmless calls. */
async function checkKey(client: Client): Promise<Finding> {
  const scopes = {
    render: await allows(() => client.planCampaign({ rows: [] }, { template: 'none' })),
    read: await allows(() => client.listCampaigns({ limit: 1 })),
    admin: await allows(() => client.listKeys()),
  };
  const granted = Object.entries(scopes).flatMap(([scope, has]) => (has ? [scope] : []));
  const found = `accepted; allows ${granted.join(', ')}`;
  if (scopes.render && scopes.read) return ok('Key', found);
  return warn(
    'Key',
    found,
    '`batch` and `render` require a key with the scopes render and read. `bespoke keys create` creates one.',
  );
}

/** The server at BESPOKE_URL, as far as it can be seen from here. */
async function checkServer({ environment }: CommandContext, check: Check): Promise<void> {
  let remote: ReturnType<typeof parseRemote>;
  await check('Settings', () => {
    remote = parseRemote(environment);
    return describeSettings(environment);
  });
  if (remote === undefined) return;
  const { url, apiKey } = remote;
  const client = createClient({ baseUrl: url, key: apiKey, patienceMs });
  const server = await check('Server', async () => {
    const began = performance.now();
    await client.getHealth();
    return ok('Server', `${url} answers in ${Math.round(performance.now() - began)} ms`);
  });
  if (server.state === 'fail') return;
  let parts: Awaited<ReturnType<Client['getReadiness']>>['parts'] = {};
  await check('Ready', async () => {
    const readiness = await client.getReadiness();
    parts = readiness.parts;
    return readiness.status === 'ready'
      ? ok('Ready', 'yes')
      : fail('Ready', 'not now', 'It accepts orders when the parts below work again.');
  });
  for (const [part, state] of Object.entries(parts)) await check(part, () => describePart(part, state));
  const key = await check('Key', () => checkKey(client));
  if (key.state === 'fail') return;
  let templates: Awaited<ReturnType<Client['listTemplates']>>['templates'] = [];
  await check('Templates', async () => {
    const listed = await client.listTemplates();
    templates = listed.templates;
    return describeTemplates(templates, listed.broken);
  });
  if (templates.some(({ cuts }) => cuts !== undefined)) await check('Cuts', () => describeProofs(templates));
}

/**
 * Checks everything that a batch requires, one after another, and shows what to do: on this machine, or of the
 * server at BESPOKE_URL.
 *
 * @returns 2 when something is missing that a batch requires.
 */
export async function runDoctorCommand(context: CommandContext): Promise<number> {
  const { terminal } = context;
  const { paintResult: paint } = terminal;
  const checks: Finding[] = [];
  const check: Check = async (name, run) => {
    const finding = await guarded(name, async () => run());
    checks.push(finding);
    printFinding(finding, terminal);
    return finding;
  };
  terminal.result('');
  await check('Bespoke', () => ok('Bespoke', `version ${version}`));
  await check('Node', () => checkNode());
  await (namesRemote(context) ? checkServer(context, check) : checkThisMachine(context, check));
  const failed = checks.filter(({ state }) => state === 'fail').length;
  const warned = checks.filter(({ state }) => state === 'warn').length;
  const verdict =
    failed > 0
      ? paint.red(`${failed} of ${checks.length} checks failed.`)
      : warned > 0
        ? 'Ready, with warnings.'
        : paint.green('Ready.');
  terminal.result(`\n  ${verdict}\n`);
  terminal.json({ checks, ok: failed === 0 } satisfies DoctorResult);
  return failed > 0 ? exitCodes.failed : exitCodes.ok;
}

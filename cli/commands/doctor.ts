import path from 'node:path';
import { parseConfig } from '../../worker/config.ts';
import { openWorkspace } from '../../worker/adapters/workspace/workspace.ts';
import { guarded, ok, type Finding } from '../doctor/check.ts';
import { checkDatabase, checkQueue, checkSecret } from '../doctor/engines.ts';
import { checkDisk, checkMachine, checkNode } from '../doctor/machine.ts';
import { checkBrowser, checkFfmpeg, checkFonts } from '../doctor/rendering.ts';
import { checkStore } from '../doctor/store.ts';
import { exitCodes } from '../exit-codes.ts';
import type { DoctorResult } from '../json-results.ts';
import { openPrivateLog } from '../private-log.ts';
import type { Setting } from '../setting.ts';
import { wrapWords } from '../terminal/wrap-words.ts';

const nameWidth = 11;
const stateWidth = 6;

function licenceNote(key: string | undefined): Finding {
  const who =
    'Remotion is free for individuals, non-profits and companies of up to three people; others need its company licence';
  return ok('Licence', key === undefined ? `${who} (remotion.pro)` : `${who}; a key is set and passed on`);
}

/**
 * Checks everything that a batch requires, one after another, and shows what to do.
 *
 * @returns 2 when something is missing that a batch requires.
 */
export async function runDoctorCommand(setting: Setting): Promise<number> {
  const { deployment, terminal, environment } = setting;
  const { paintResult: paint } = terminal;
  const checks: Finding[] = [];
  const marks = { ok: paint.green, warn: paint.yellow, fail: paint.red };

  function print({ name, state, found, advice }: Finding): void {
    const indent = 2 + stateWidth + nameWidth;
    const width = Math.max(40, Math.min(terminal.columns(), 110) - indent);
    const label = `  ${marks[state](state.padEnd(stateWidth))}${name.padEnd(nameWidth)}`;
    const lines = wrapWords(found, width);
    terminal.result(label + lines.join(`\n${' '.repeat(indent)}`));
    for (const line of advice === null ? [] : wrapWords(advice, width)) {
      terminal.result(' '.repeat(indent) + paint.yellow(line));
    }
  }

  async function check(name: string, run: () => Promise<Finding> | Finding): Promise<Finding> {
    const finding = await guarded(name, async () => run());
    checks.push(finding);
    print(finding);
    return finding;
  }

  terminal.result('');
  await check('Node', () => checkNode());
  let config: ReturnType<typeof parseConfig> | undefined;
  await check('Settings', () => {
    config = parseConfig(environment);
    const set = Object.keys(environment).filter((name) =>
      /^(BESPOKE_.*|REDIS_URL|DATABASE_URL|REMOTION_LICENSE_KEY)$/.test(name),
    );
    return ok('Settings', set.length === 0 ? 'all at their defaults' : `${set.join(', ')} set`);
  });
  if (config !== undefined) {
    const settled = config;
    await check('Machine', () => checkMachine(settled.concurrency));
    let workspace: Awaited<ReturnType<typeof openWorkspace>> | undefined;
    await check('Workspace', async () => {
      workspace = await openWorkspace(settled.workspace);
      return ok('Workspace', workspace.root);
    });
    if (workspace !== undefined) {
      const opened = workspace;
      const log = openPrivateLog(settled.workspace, () => new Date());
      await check('Secret', () => checkSecret(settled, opened));
      await check('Queue', () => checkQueue(settled, log));
      await check('Database', () => checkDatabase(settled, opened, log));
      const cacheFolder = path.join(opened.cache, 'store');
      const store = await check('Store', () => checkStore(settled, { cacheFolder, log }));
      const kept = settled.store.kind === 'folder' ? settled.store.folder : cacheFolder;
      if (store.state !== 'fail') await check('Disk', () => checkDisk(kept));
      await check('Browser', () => checkBrowser(settled.browser, opened.cache));
    }
    await check('ffmpeg', checkFfmpeg);
    await check('Fonts', async () => checkFonts(await deployment.loadRegistry()));
    await check('Licence', () => licenceNote(settled.remotionLicenseKey));
  }
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

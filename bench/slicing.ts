import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Quality, qualities } from '../worker/core/campaigns.ts';
import { openBaseline } from './baseline.ts';

/** A film that was made as one composition: rendered whole by Remotion and by Bespoke, and cut by `bespoke slice`. */
export interface SlicingFigures {
  readonly rows: number;
  readonly sliceSeconds: number;
  /** A row by `renderMedia`, with the preset, CRF and frame quality of Bespoke. */
  readonly remotionRowSeconds: number;
  readonly whole: CampaignSeconds;
  readonly cut: CampaignSeconds;
}

/**
 * The first campaign pays for all that is shared; another one has many further rows. Proofs of its cuts are part of it:
 * some parts are drawn again for the first row with another value, and then for one in fifty.
 */
interface CampaignSeconds {
  readonly firstRow: number;
  readonly furtherRow: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
const people = ['Anna', 'Łukasz', 'Maximiliane', 'Bo', 'Siobhán', 'Ines', 'Tom', 'Ada'];

/** Runs a command in a folder with templates of its own. @returns seconds. */
async function time(folder: string, workspace: string, ...args: readonly string[]): Promise<number> {
  const began = performance.now();
  await run(process.execPath, [path.join(root, 'dist/bespoke.mjs'), ...args], {
    cwd: folder,
    env: { ...process.env, BESPOKE_WORKSPACE: workspace, BESPOKE_TEMPLATES: path.join(folder, 'templates') },
  });
  return (performance.now() - began) / 1000;
}

/** Two campaigns in an empty workspace, each from the command to the last file. */
async function timeCampaigns(
  folder: string,
  name: string,
  quality: Quality,
  rows: number,
): Promise<CampaignSeconds> {
  const workspace = path.join(folder, `workspace-${name}`);
  const batch = async (part: string, ids: readonly number[]): Promise<number> => {
    const lines = ids.map(
      (id) => `c-${id},${people[id % people.length]} ${id},${id % 2 === 0 ? 'Basic' : 'Plus'}`,
    );
    await writeFile(
      path.join(folder, `${part}.csv`),
      ['customer_id,first_name,plan', ...lines, ''].join('\n'),
    );
    const out = path.join(folder, `out-${name}-${part}`);
    return time(folder, workspace, 'batch', `${part}.csv`, '-t', 'film', '-q', quality, '--out', out);
  };
  const firstRow = await batch('first', [0]);
  // Both plans are stored by then.
  await batch('other-plan', [1]);
  const before = await batch('none', [0]);
  const further = await batch(
    'further',
    Array.from({ length: rows }, (_, index) => index + 2),
  );
  return { firstRow, furtherRow: (further - before) / rows };
}

/** Seconds of a row by Remotion alone: one bundle, one browser that stays open. */
async function timeRemotion(folder: string, quality: Quality, rows: number): Promise<number> {
  const own = path.join(folder, 'remotion');
  await mkdir(own);
  const entryPoint = path.join(own, 'entry.jsx');
  await writeFile(
    entryPoint,
    `import { Composition, registerRoot } from 'remotion';
     import ${JSON.stringify(path.join(root, 'video/kit/fonts/system-fonts.tsx'))};
     import { components } from '../templates/film/template.tsx';
     registerRoot(() => <Composition id="film" component={components.film} width={1920} height={1080} fps={30} durationInFrames={300} />);`,
  );
  const encoding = qualities[quality];
  const baseline = await openBaseline(own, { entryPoint, composition: 'film', scale: encoding.scale });
  try {
    const render = (row: number): Promise<number> =>
      baseline.render(encoding, { firstName: people[row % people.length], plan: 'Plus' });
    await render(0);
    let seconds = 0;
    for (let row = 1; row <= rows; row += 1) seconds += await render(row);
    return seconds / rows;
  } finally {
    await baseline.close();
  }
}

/** Measures a film whole, and cut. */
export async function measureSlicing(
  parent: string,
  quality: Quality,
  say: (text: string) => void,
): Promise<SlicingFigures> {
  const rows = 20;
  const folder = path.join(parent, 'slicing');
  await mkdir(path.join(folder, 'templates'), { recursive: true });
  await cp(path.join(root, 'bench/film'), path.join(folder, 'templates/film'), { recursive: true });
  await run(process.execPath, [path.join(root, 'scripts/build.mjs')], { cwd: root });
  const remotionRowSeconds = await timeRemotion(folder, quality, 2);
  say(`slicing: a row by renderMedia ${remotionRowSeconds.toFixed(1)} s`);
  const whole = await timeCampaigns(folder, 'whole', quality, rows);
  say(
    `slicing: whole, first row ${whole.firstRow.toFixed(1)} s, then ${whole.furtherRow.toFixed(1)} s a row`,
  );
  const sliceSeconds = await time(folder, path.join(folder, 'workspace-slice'), 'slice', 'film', '--write');
  say(`slicing: bespoke slice ${sliceSeconds.toFixed(1)} s`);
  const cut = await timeCampaigns(folder, 'cut', quality, rows);
  say(`slicing: cut, first row ${cut.firstRow.toFixed(1)} s, then ${cut.furtherRow.toFixed(1)} s a row`);
  return { rows, sliceSeconds, remotionRowSeconds, whole, cut };
}

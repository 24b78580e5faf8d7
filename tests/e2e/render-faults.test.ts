import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeFrames } from './probe.ts';
import {
  loopingEntry,
  makeClip,
  neverAborted,
  openDesk,
  type RenderingDesk,
  troubleEntry,
} from './render-project.ts';

const clip = (scene: string, inputs: Record<string, string> = {}, durationInFrames = 10) =>
  makeClip({ template: 'trouble', scene, inputs, durationInFrames });

/** What `trouble--stains` can do to its page. */
const stains = [
  'style tag',
  'style rule',
  'adopted style sheet',
  'attribute of the document',
  'global',
  'session storage',
  'indexed database',
];

/** Processes whose command line mentions a text. */
function commands(text: string): readonly number[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(text);
    } catch {
      return false;
    }
  });
}

/** Browsers that a process started, by the name of their profiles. */
const browsersOf = (owner: number): readonly number[] => commands(`/profiles/${owner}-`);

/** The profile of a browser. Where the browser is started by a script, two processes have the same. */
const profileOf = (pid: number): string | undefined =>
  /\/profiles\/[\w-]+/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[0];

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(50);
}

describe('a scene in trouble', () => {
  let desk: RenderingDesk;
  const render = (scene: string, inputs: Record<string, string> = {}) =>
    desk.renderer.renderClip(clip(scene, inputs), desk.file(`${scene}.mp4`), neverAborted);

  beforeAll(async () => {
    desk = await openDesk({ entryPoint: troubleEntry, clipTimeLimitMs: 10_000 });
    await render('plain');
  });

  afterAll(() => desk.close());

  it('fails for good when its code throws, without telling what it was given', async () => {
    await expect(render('throws', { name: 'Anna Lindt' })).rejects.toMatchObject({
      code: 'scene-failed',
      retryable: false,
      message: expect.stringMatching(
        /^Scene throws of trouble could not be drawn at frame 3, in tests\/e2e\/render-trouble-studio\.tsx:16: .*cannot draw …$/,
      ) as string,
    });
  });

  it('fails for good when it cancels', async () => {
    await expect(render('cancels')).rejects.toMatchObject({ code: 'scene-failed' });
  });

  it('is abandoned with its browser when it hangs; its neighbour is drawn all the same', async () => {
    const hanging = expect(render('hangs')).rejects.toMatchObject({
      code: 'clip-timeout',
      retryable: true,
      message: 'Scene hangs of trouble took longer than 10 s and was stopped at frame 2.',
    });
    // Late enough to be drawn while the other is abandoned, with ten seconds of its own.
    await delay(8_000);
    await desk.renderer.renderClip(clip('plain', {}, 100), desk.file('long.mp4'), neverAborted);
    await hanging;
    expect(await decodeFrames(desk.file('long.mp4'), 1, 1)).toHaveLength(100);
  });

  it('is abandoned long before its time limit when no further frame comes', async () => {
    const limits = { clipTimeLimitMs: 600_000, frameTimeLimitMs: 5_000 };
    const patient = await openDesk({ entryPoint: troubleEntry, ...limits });
    const draw = (scene: string, frames: number) =>
      patient.renderer.renderClip(clip(scene, {}, frames), patient.file('clip.mp4'), neverAborted);
    try {
      await draw('plain', 2);
      await expect(draw('hangs', 10)).rejects.toMatchObject({
        code: 'clip-timeout',
        retryable: true,
        message: 'Scene hangs of trouble showed no further frame for 5 s and was stopped at frame 2.',
      });
      await draw('plain', 2);
    } finally {
      await patient.close();
    }
  });

  it.each(['remembers', 'remembers-computed'])(
    'does not see what an earlier clip left (%s)',
    async (scene) => {
      for (const name of ['Anna', 'Bo', 'Bo']) {
        await render(scene, { name });
        for (const [red = 0, green = 0] of await decodeFrames(desk.file(`${scene}.mp4`), 1, 1)) {
          expect(red - green).toBeLessThan(10);
        }
      }
    },
  );

  it.each([
    ['loud', 'quiet'],
    ['quiet', 'loud'],
  ])('one template leaves the pixels of another as they are: %s before %s', async (first, second) => {
    const fresh = await openDesk({ entryPoint: troubleEntry });
    try {
      const draw = async ({ renderer }: RenderingDesk, template: string) => {
        await renderer.renderClip(
          makeClip({ template, scene: 'scene' }),
          fresh.file('clip.mp4'),
          neverAborted,
        );
        return readFile(fresh.file('clip.mp4'));
      };
      const alone = await draw(fresh, second);
      await draw(desk, first);
      expect((await draw(desk, second)).equals(alone)).toBe(true);
    } finally {
      await fresh.close();
    }
  });

  it('one scene leaves the pixels of another as they are, whatever it leaves in the page', async () => {
    const stained: string[] = [];
    for (const how of stains) {
      await desk.renderer.renderStill(clip('stains', { how }), 0, desk.file('stains.png'));
      await desk.renderer.renderStill(clip('stainable'), 0, desk.file('clean.png'));
      const { channels } = await sharp(desk.file('clean.png')).stats();
      if (channels.some(({ min }) => min < 255)) stained.push(how);
    }
    expect(stained).toEqual([]);
  });

  it.each(['at unmount', 'as a rejection', 'on the next clip'])(
    'a scene that throws late fails no other clip: %s',
    async (when) => {
      await desk.renderer.renderClip(clip('throws-late', { when }, 1), desk.file('late.mp4'), neverAborted);
      await render('stainable');
      expect(await decodeFrames(desk.file('stainable.mp4'), 1, 1)).toHaveLength(10);
    },
  );

  it('reaches its own bundle and nothing else, and says so', async () => {
    let requests = 0;
    const server = createServer((_request, response) => {
      requests += 1;
      response.end('hello');
    }).listen(0, '0.0.0.0');
    await until(() => server.listening);
    const { port } = server.address() as AddressInfo;
    const draw = (url: string) =>
      desk.renderer.renderStill(clip('reaches', { url }), 0, desk.file('reaches.png'));
    const own = Object.values(networkInterfaces())
      .flat()
      .find((each) => each?.internal === false && each.family === 'IPv4')?.address;
    // This machine's own address in its network, where the server listens too.
    if (own !== undefined) expect((await fetch(`http://${own}:${port}/`)).status).toBe(200);
    requests = 0;
    for (const host of [own ?? '198.51.100.1', 'example.com']) {
      await expect(draw(`http://${host}:${port}/`)).rejects.toMatchObject({
        code: 'scene-failed',
        message: expect.stringMatching(/scenes have no network\. Put the file into/) as string,
      });
    }
    expect(requests).toBe(0);
    // Other ports of this machine can be reached; a clip that does so fails too.
    await expect(draw(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'scene-failed' });
    server.close();
  });

  it('stops when it is aborted, and the next one is drawn', async () => {
    const abort = new AbortController();
    const aborted = desk.renderer.renderClip(clip('plain', {}, 4000), desk.file('aborted.mp4'), abort.signal);
    await delay(500);
    abort.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    await render('plain');
  });

  it('says when there is no space or folder to write to', async () => {
    await expect(
      desk.renderer.renderClip(clip('plain'), desk.file('missing/plain.mp4'), neverAborted),
    ).rejects.toMatchObject({ code: 'media-failed' });
  });
});

describe('a worker that is killed', () => {
  it('leaves neither browser nor encoder behind', async () => {
    const desk = await openDesk();
    const script = desk.file('worker.mts');
    const target = desk.file('endless.mp4');
    const project = new URL('render-project.ts', import.meta.url).href;
    const cache = desk.file('cache');
    await writeFile(
      script,
      `import { makeClip, openDesk, neverAborted, troubleEntry } from '${project}';
      const desk = await openDesk({ entryPoint: troubleEntry, cacheDirectory: '${cache}' });
      const clip = makeClip({ template: 'trouble', scene: 'plain', durationInFrames: 100000 });
      await desk.renderer.renderClip(clip, '${target}', neverAborted);`,
    );
    const worker = spawn(process.execPath, ['--import', 'tsx', script], { stdio: 'ignore' });
    try {
      await until(() =>
        stat(target).then(
          ({ size }) => size > 0,
          () => false,
        ),
      );
      expect(commands(target)).not.toHaveLength(0);
      expect(commands(`${cache}/profiles`)).not.toHaveLength(0);
      worker.kill('SIGKILL');
      await until(() => commands(target).length + commands(`${cache}/profiles`).length === 0);
    } finally {
      worker.kill('SIGKILL');
      await desk.close();
    }
  });
});

describe('a page that never loads', () => {
  const starts: string[] = [];
  const metrics = { browserStarted: (why: string) => void starts.push(why) };
  afterEach(() => starts.splice(0));

  it('fails as a timeout that names the template, and its browser is ended', async () => {
    const desk = await openDesk({ entryPoint: loopingEntry, loadTimeLimitMs: 2_000, metrics });
    try {
      for (let round = 0; round < 2; round += 1) {
        await expect(
          desk.renderer.renderClip(clip('plain'), desk.file('clip.mp4'), neverAborted),
        ).rejects.toMatchObject({
          code: 'clip-timeout',
          message: expect.stringContaining('a scene of trouble did not load within 2 s') as string,
        });
        expect(browsersOf(process.pid)).toHaveLength(0);
      }
      expect(starts).toEqual(['first', 'timeout']);
    } finally {
      await desk.close();
    }
  });

  it('is ended with its browser when the renderer is closed', async () => {
    const desk = await openDesk({ entryPoint: loopingEntry, metrics });
    const drawn = desk.renderer.renderClip(clip('plain'), desk.file('clip.mp4'), neverAborted);
    const rejected = expect(drawn).rejects.toMatchObject({ code: 'browser-crashed' });
    await until(() => starts.length > 0);
    await delay(500);
    await desk.close();
    expect(browsersOf(process.pid)).toHaveLength(0);
    await rejected;
  });
});

describe('a browser that ends', () => {
  const starts: string[] = [];
  const metrics = { browserStarted: (why: string) => void starts.push(why) };
  afterEach(() => starts.splice(0));

  it('is replaced when it is used up', async () => {
    const desk = await openDesk({ entryPoint: troubleEntry, rendersPerBrowser: 2, metrics });
    try {
      for (let index = 0; index < 5; index += 1) {
        await desk.renderer.renderClip(clip('plain', {}, 2), desk.file(`${index}.mp4`), neverAborted);
        expect(await decodeFrames(desk.file(`${index}.mp4`), 1, 1)).toHaveLength(2);
      }
      expect(starts).toEqual(['first', 'recycled', 'recycled']);
    } finally {
      await desk.close();
    }
  });

  it('stays open for its format while clips of two formats alternate, and makes room for a third', async () => {
    const desk = await openDesk({ entryPoint: troubleEntry, metrics });
    const render = (format: '16:9' | '9:16' | '1:1') =>
      desk.renderer.renderClip({ ...clip('plain', {}, 1), format }, desk.file('clip.mp4'), neverAborted);
    try {
      for (const format of ['16:9', '9:16', '16:9', '9:16', '16:9'] as const) await render(format);
      expect(starts).toEqual(['first', 'first']);
      await render('1:1');
      expect(starts).toEqual(['first', 'first', 'recycled']);
      expect(new Set(browsersOf(process.pid).map(profileOf)).size).toBe(2);
    } finally {
      await desk.close();
    }
  });

  it('is replaced when it was killed or hung, and operators see why', async () => {
    const desk = await openDesk({ entryPoint: troubleEntry, clipTimeLimitMs: 15_000, metrics });
    const render = (scene: string, frames: number) =>
      desk.renderer.renderClip(clip(scene, {}, frames), desk.file('clip.mp4'), neverAborted);
    try {
      await render('plain', 2);
      const dying = render('plain', 4000);
      await delay(500);
      for (const pid of browsersOf(process.pid)) process.kill(pid, 'SIGKILL');
      await expect(dying).rejects.toMatchObject({ code: 'browser-crashed', retryable: true });
      await render('plain', 2);
      await expect(render('hangs', 10)).rejects.toMatchObject({ code: 'clip-timeout' });
      await render('plain', 2);
      expect(starts).toEqual(['first', 'crashed', 'timeout']);
    } finally {
      await desk.close();
    }
  });
});

/**
 * A worker whose clips and videos take no time: what is left is what Bespoke itself costs. Started by
 * `bench/draining.ts`, which ends it.
 */
import { writeFile } from 'node:fs/promises';
import type { Pipeline } from '../worker/core/pipeline.ts';
import { openBenchPipeline } from './pipeline.ts';

const write = (file: string): Promise<void> => writeFile(file, 'drawn in no time');

const withoutPictures = (pipeline: Pipeline): Pipeline => ({
  ...pipeline,
  renderer: {
    ...pipeline.renderer,
    codeHash: () => Promise.resolve('none'),
    engineVersion: () => Promise.resolve('none'),
    renderClip: async (_clip, file) => {
      await write(file);
      return undefined;
    },
  },
  media: {
    ...pipeline.media,
    mix: (_mix, _directory, file) => write(file),
    assemble: (_clips, _mix, file) => write(file),
    collectStills: () => ({ take: () => undefined, write: (_still, file) => write(file) }),
    takeStill: (_clip, _still, _fps, file) => write(file),
    teaser: (_strips, _rate, file) => write(file),
  },
});

const open = await openBenchPipeline(process.argv[2] ?? '.', withoutPictures);
const worker = await open.startWorker();
process.send?.('ready');
process.once('SIGTERM', () => {
  void worker
    .stop('drain')
    .then(open.close)
    .then(() => {
      if (process.connected) process.disconnect();
    });
});
// Whoever asked for it is gone.
process.once('disconnect', () => process.exit());

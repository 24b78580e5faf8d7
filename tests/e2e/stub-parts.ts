import { readFile, writeFile } from 'node:fs/promises';
import type { Pipeline } from '../../worker/core/pipeline.ts';

/** What happens before stubs do their work. */
export interface StubHooks {
  /** A clip begins to be drawn. @param name the person's, `undefined` for shared scenes. */
  readonly draw: (name: unknown) => Promise<void>;
  /** A video begins to be joined. @param names of its clips. */
  readonly assemble: (names: readonly string[]) => Promise<void>;
}

/**
 * Exchanges the slow parts for such that write down whom a clip or a video shows: what is looked at is
 * the order of the work, and there is more of it than frames could be drawn for.
 */
export function stubParts(hooks: StubHooks): (pipeline: Pipeline) => Pipeline {
  const write = (file: string): Promise<void> => writeFile(file, 'made');
  return (pipeline) => ({
    ...pipeline,
    renderer: {
      ...pipeline.renderer,
      renderClip: async ({ inputs }, file) => {
        await hooks.draw(inputs.name);
        await writeFile(file, String(inputs.name));
      },
    },
    media: {
      ...pipeline.media,
      mix: (_mix, _directory, file) => write(file),
      assemble: async (clips, _mix, file) => {
        await hooks.assemble(await Promise.all(clips.map((clip) => readFile(clip, 'utf8'))));
        await write(file);
      },
      collectStills: () => ({ take: () => undefined, write: (_still, file) => write(file) }),
      takeStill: (_clip, _still, _fps, file) => write(file),
      teaser: (_strips, _rate, file) => write(file),
    },
  });
}

/** Something that lets through while it is open. */
export interface Gate {
  readonly pass: () => Promise<void>;
  readonly open: () => void;
  readonly close: () => void;
  /** How many wait before it. */
  readonly held: () => number;
}

export function newGate(): Gate {
  let opened = true;
  const waiting: (() => void)[] = [];
  return {
    pass: () => (opened ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve))),
    open: () => {
      opened = true;
      for (const go of waiting.splice(0)) go();
    },
    close: () => {
      opened = false;
    },
    held: () => waiting.length,
  };
}

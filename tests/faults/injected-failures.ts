import { BespokeError } from '../../errors/bespoke-error.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import { makeRandom } from '../../video/story/check/explore.ts';

/** How often calls fail, of 1. */
export interface FailureRates {
  /** With errors that another attempt can heal. */
  readonly passing: number;
  /** With errors that none can. */
  readonly lasting: number;
}

/** Failures that a test turns on and off. */
export interface InjectedFailures {
  readonly set: (rates: FailureRates) => void;
  /** How many there have been. */
  readonly count: () => number;
  readonly exchangeParts: (pipeline: Pipeline) => Pipeline;
}

/**
 * Lets calls of the renderer, the media tools and the store fail at random, before or after they have
 * done their work; the same ones for the same seed and order of calls.
 */
export function injectFailures(seed: number): InjectedFailures {
  const random = makeRandom(seed);
  let rates: FailureRates = { passing: 0, lasting: 0 };
  let count = 0;

  function failAtTimes(): void {
    const drawn = random();
    if (drawn >= rates.lasting + rates.passing) return;
    count += 1;
    if (drawn < rates.lasting) throw new BespokeError('scene-failed', 'Injected, and here to stay.');
    throw random() < 0.5
      ? new BespokeError('browser-crashed', 'Injected, and soon gone.')
      : new Error('Injected, without a name.');
  }

  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    failAtTimes();
    const result = await work();
    failAtTimes();
    return result;
  };

  const exchangeParts = (pipeline: Pipeline): Pipeline => {
    const { renderer, media, store } = pipeline;
    return {
      ...pipeline,
      renderer: { ...renderer, renderClip: (...of) => around(() => renderer.renderClip(...of)) },
      media: {
        ...media,
        mix: (...of) => around(() => media.mix(...of)),
        assemble: (...of) => around(() => media.assemble(...of)),
        takeStill: (...of) => around(() => media.takeStill(...of)),
        teaser: (...of) => around(() => media.teaser(...of)),
      },
      store: {
        ...store,
        has: (...of) => around(() => store.has(...of)),
        publish: (...of) => around(() => store.publish(...of)),
        copy: (...of) => around(() => store.copy(...of)),
        fetch: (...of) => around(() => store.fetch(...of)),
      },
    };
  };

  return { set: (wanted) => void (rates = wanted), count: () => count, exchangeParts };
}

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that wait for minutes for servers to go away and come back. */
const waitLong = /\/(?:orders-away|machines|servers-away)\.test\.ts$/;

const waits = ({ moduleId }: TestSpecification): boolean => waitLong.test(moduleId);

/** So many others begin between two files that wait long: with three at a time, about as long as one waits. */
const between = 8;

/** Starts files that wait long first, but one after another, so that others use the cores beside each. */
export class FileOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const waiting = sorted.filter(waits);
    const others = sorted.filter((file) => !waits(file));
    const begun = waiting.flatMap((file, index) => [
      file,
      ...others.slice(index * between, (index + 1) * between),
    ]);
    return [...begun, ...others.slice(waiting.length * between)];
  }
}

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that wait for minutes for servers to go away and come back. */
const waitLong = /\/(?:orders-away|machines|servers-away)\.test\.ts$/;

/** Starts files that wait long before all others, which use the cores meanwhile. */
export class FileOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const waits = ({ moduleId }: TestSpecification): boolean => waitLong.test(moduleId);
    return [...sorted.filter(waits), ...sorted.filter((file) => !waits(file))];
  }
}

import type { Registry } from '../video/story/registry.ts';
import type { Surroundings } from '../worker/compose.ts';
import type { Terminal } from './terminal/terminal.ts';

/** A deployment of the program: its templates and the studio that draws them. */
export interface Deployment {
  readonly loadRegistry: () => Promise<Registry>;
  /** Other than the project's own. */
  readonly studio?: Surroundings['studio'] & {};
}

/** What every command uses. */
export interface Setting {
  readonly deployment: Deployment;
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

import type { Registry } from '../video/story/registry.ts';
import type { Surroundings } from '../worker/compose.ts';
import type { Terminal } from './terminal/terminal.ts';

/** What a deployment of the program consists of: its templates and where their pictures come from. */
export interface Deployment {
  readonly loadRegistry: () => Promise<Registry>;
  /** Other than the project's own. */
  readonly studio?: Surroundings['studio'] & {};
}

/** The surroundings of every command. */
export interface Setting {
  readonly deployment: Deployment;
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

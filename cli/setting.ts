import type { Registry } from '../video/story/registry.ts';
import type { Terminal } from './terminal/terminal.ts';

/** What a deployment of the program consists of: its templates and where their pictures come from. */
export interface Deployment {
  readonly loadRegistry: () => Promise<Registry>;
}

/** What every command works within. */
export interface Setting {
  readonly deployment: Deployment;
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A command ends with the status that the shell is told; see `exitCodes`. */
export type CommandRun<A extends unknown[]> = (setting: Setting, ...args: A) => Promise<number>;

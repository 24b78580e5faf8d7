import manifest from '../package.json' with { type: 'json' };

/** The version of this program. A command and the process whose API it uses must have the same one. */
export const { version } = manifest;

import { defineError } from './define-error.ts';

/** A file, as its user calls it. */
export interface File {
  readonly file: string;
}

/** The machine and its processes. */
export const machineErrors = {
  workerNeedsEngines: defineError(
    'worker-alone',
    () =>
      '`bespoke worker` requires REDIS_URL and DATABASE_URL. On one machine use `bespoke serve` or `bespoke batch`, which render themselves.',
  ),
  serveNeedsEngines: defineError(
    'worker-alone',
    () =>
      '--no-worker requires REDIS_URL and DATABASE_URL, so that a `bespoke worker` can render. Set both, or leave out --no-worker.',
  ),
  portTaken: defineError(
    'address-in-use',
    ({ host, port, option }: { readonly host: string; readonly port: number; readonly option: string }) =>
      `Another program listens on port ${port} of ${host}. Choose another port with ${option}.`,
  ),
  portForbidden: defineError(
    'usage-invalid',
    ({ port, option }: { readonly port: number; readonly option: string }) =>
      `This user is not allowed to listen on port ${port}. Choose ${option} 1024 or higher.`,
  ),
  hostInvalid: defineError(
    'usage-invalid',
    ({ host, option }: { readonly host: string; readonly option: string }) =>
      `${option} takes an address of this machine, not "${host}".`,
  ),
  ownerOfOtherVersion: defineError(
    'workspace-held',
    (facts: {
      readonly pid: number;
      readonly command: string;
      readonly theirs: string;
      readonly ours: string;
    }) =>
      `Process ${facts.pid} (${facts.command}) uses this workspace with version ${facts.theirs} of Bespoke. This command has version ${facts.ours}, so it cannot use that process.`,
  ),
  ownerStopped: defineError(
    'server-stopped',
    ({ pid }: { readonly pid: number }) =>
      `The server that did this work (process ${pid}) stopped before it was done.`,
  ),
  serverUnreachable: defineError(
    'server-unreachable',
    ({ url, why }: { readonly url: string; readonly why: string | undefined }) =>
      `${url} does not answer${why === undefined ? '' : ` (${why})`}.`,
  ),
  serverBusy: defineError(
    'service-unavailable',
    ({ status }: { readonly status: number }) => `The server answered with status ${status}.`,
  ),
  serverUnknown: defineError(
    'server-incompatible',
    ({ status, type }: { readonly status: number; readonly type: string }) =>
      `The server answered with status ${status} in a form that this version does not know (${type}). Is it the address of a Bespoke server, or does a proxy answer for it?`,
  ),
  answerLost: defineError(
    'server-unreachable',
    ({ why }: { readonly why: string | undefined }) =>
      `The connection to the server was lost before its answer was complete${why === undefined ? '' : ` (${why})`}.`,
  ),
  answerUnknown: defineError(
    'server-incompatible',
    ({ difference }: { readonly difference: string }) =>
      `The server's answer has a form that this version of the client does not know: ${difference}`,
  ),
  diskFull: defineError('disk-full', ({ file }: File) => `There is no space left to write ${file}.`),
  diskReadOnly: defineError('directory-not-writable', ({ file }: File) => `${file} is on a read-only disk.`),
  fileNotWritable: defineError(
    'directory-not-writable',
    ({ file }: File) => `This user cannot write to ${file}.`,
  ),
  targetIsFolder: defineError(
    'directory-not-writable',
    ({ file }: File) => `${file} is a folder. Name a file in it.`,
  ),
  folderIsFile: defineError(
    'directory-not-writable',
    ({ file }: File) => `${file} is a file, but a folder is required there.`,
  ),
  folderNotCreated: defineError(
    'directory-not-writable',
    ({ folder, above }: { readonly folder: string; readonly above: string }) =>
      `The folder ${folder} cannot be created: nothing can be added to ${above}.`,
  ),
  folderNotWritable: defineError(
    'directory-not-writable',
    ({ folder, exists }: { readonly folder: string; readonly exists: boolean }) =>
      `The folder ${folder} ${exists ? 'cannot be written to' : 'does not exist'}.`,
  ),
};

import { readFileSync } from 'node:fs';

const read = (name: string): string =>
  readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8').replaceAll(/\\\n/g, ' ');

/** One instruction of the Dockerfile, continuation lines joined. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The Dockerfile's instructions in order. */
export const instructions: readonly Instruction[] = read('Dockerfile')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
  .map((line) => {
    const [name = '', ...rest] = line.split(/\s+/);
    return { name, rest: rest.join(' ') };
  });

/** Paths that are copied out of the project, from either stage; another stage's files are not among them. */
export const copiedPaths: readonly string[] = instructions
  .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
  .flatMap(({ rest }) => rest.split(' ').slice(0, -1));

/** Patterns of .dockerignore in order. */
export const ignorePatterns: readonly string[] = read('.dockerignore')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

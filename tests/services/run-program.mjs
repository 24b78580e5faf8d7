/** Runs a TypeScript program as ours are run: `node run-program.mjs <file> [argument …]`. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { importProgram } from '../../cli/import-program.mjs';

const [file = ''] = process.argv.splice(2, 1);
await importProgram(pathToFileURL(path.resolve(file)));

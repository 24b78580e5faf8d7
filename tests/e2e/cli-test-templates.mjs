import { importProgram } from '../../cli/import-program.mjs';

await importProgram(new URL('cli-test-templates.ts', import.meta.url));

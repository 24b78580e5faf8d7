import { fileURLToPath } from 'node:url';
import { runBespoke } from '../../cli/run.ts';

// The program as it is shipped, with small templates in the place of the project's own.
const templates = new URL('../fixtures/templates/', import.meta.url);
const exitCode = await runBespoke(
  process.argv.slice(2),
  {
    loadRegistry: async () => (await import('../fixtures/templates/registry.ts')).testRegistry,
    studio: {
      entryPoint: fileURLToPath(new URL('studio.ts', templates)),
      templatesDirectory: fileURLToPath(templates),
    },
  },
  process,
);
process.exit(exitCode);

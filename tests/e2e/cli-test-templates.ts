import { fileURLToPath } from 'node:url';
import { ownDeployment } from '../../cli/load-templates.ts';
import { runBespoke } from '../../cli/run.ts';

// The program as it is shipped, with small templates in the place of its own.
const templates = fileURLToPath(new URL('../fixtures/templates/', import.meta.url));
const exitCode = await runBespoke(
  process.argv.slice(2),
  ownDeployment({ ...process.env, BESPOKE_TEMPLATES: templates }),
  process,
);
process.exit(exitCode);

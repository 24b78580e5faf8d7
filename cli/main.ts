import { runBespoke } from './run.ts';

const exitCode = await runBespoke(
  process.argv.slice(2),
  { loadRegistry: async () => (await import('../templates/registry.ts')).registry },
  process,
);
process.exit(exitCode);

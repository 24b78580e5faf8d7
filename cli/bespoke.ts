#!/usr/bin/env node
import module from 'node:module';

// Node 22 and newer keep compiled code for the next run; the types of Node 20 do not know it.
const { enableCompileCache } = module as { enableCompileCache?: () => void };
enableCompileCache?.();
process.setSourceMapsEnabled(true);

// Imported here, and not above, so that both settings apply to it.
const { runBespoke } = await import('./run.ts');
const exitCode = await runBespoke(
  process.argv.slice(2),
  { loadRegistry: async () => (await import('../templates/registry.ts')).registry },
  process,
);
process.exit(exitCode);

#!/usr/bin/env node
import module from 'node:module';
import v8 from 'node:v8';

// Opening the embedded database costs most of what a short command takes, and optimizing code that runs a few
// times costs more than it saves. Code that runs 50 times as often is still optimized, so services
// lose nothing that can be measured.
v8.setFlagsFromString('--wasm-tiering-budget=100000000');
// Node 22 and newer keep compiled code for the next run; the types of Node 20 do not know it.
const { enableCompileCache } = module as { enableCompileCache?: () => void };
enableCompileCache?.();
process.setSourceMapsEnabled(true);

// Imported here, and not above, so that these settings apply to it.
const [{ runBespoke }, { ownDeployment }] = await Promise.all([
  import('./run.ts'),
  import('./load-templates.ts'),
]);
const exitCode = await runBespoke(process.argv.slice(2), ownDeployment(process.env), process);
process.exit(exitCode);

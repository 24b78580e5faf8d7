/**
 * Bundles a Remotion entry point: `node make-bundle.mjs <entry> <output> <empty folder>`. A process of
 * its own, because the bundler changes the working directory and keeps its memory.
 */
import { bundle } from '@remotion/bundler';

const [entryPoint, outDir, publicDir] = process.argv.slice(2);

/** Renders need no source maps, which are most of a bundle's bytes. */
const withoutMaps = (config) => ({ ...config, devtool: false });

await bundle({
  entryPoint,
  outDir,
  // An empty folder: what lies in a project's `public/` may be personal and would be copied.
  publicDir,
  rspack: true,
  rspackOverride: withoutMaps,
  enableCaching: false,
});

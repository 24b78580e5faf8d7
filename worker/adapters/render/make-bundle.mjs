/**
 * Bundles a Remotion entry point: `node make-bundle.mjs <entry> <output> <empty folder> <tsconfig>`. A process of
 * its own, because the bundler changes the working directory and keeps its memory.
 */
import { bundle } from '@remotion/bundler';
import { configureBundler } from './bundler-config.mjs';

const [entryPoint, outDir, publicDir, tsconfig = ''] = process.argv.slice(2);
// The bundler changes it.
const root = process.cwd();

await bundle({
  entryPoint,
  // Sources are named relative to it.
  rootDir: root,
  outDir,
  // An empty folder: what lies in a project's `public/` may be personal and would be copied.
  publicDir,
  rspack: true,
  // Maps name file and line of what a scene throws; with the sources they would be most of a bundle's bytes.
  rspackOverride: (config) => ({
    ...configureBundler(config, root, tsconfig),
    devtool: 'hidden-nosources-cheap-module-source-map',
  }),
  enableCaching: false,
});

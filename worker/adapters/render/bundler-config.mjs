/**
 * What the bundles of Studio and of the renderer have in common. JavaScript, because the renderer's bundler is a
 * process of its own that runs without the program's build.
 */
import { createRequire } from 'node:module';
import path from 'node:path';

/** Whether an error is in this program's own sources, and not in a template or in what only templates import. */
const isOwn = (root, file) =>
  file === undefined ||
  ['data', 'errors', 'video'].some((folder) => file.startsWith(path.join(root, folder) + path.sep));

/** The bundler writes a module with an error as one that throws it, so that other templates work. */
const leaveErrorsToTemplates = (root) => ({
  apply: (compiler) => {
    const leave = (compilation) => {
      compilation.errors = compilation.errors.filter(({ module }) => isOwn(root, module?.resource));
    };
    compiler.hooks.afterCompile.tap('bespoke', leave);
    compiler.hooks.afterEmit.tap('bespoke', leave);
  },
});

/** Files that are not code, style sheets or JSON are imported as their address, whatever their kind. */
const assets = {
  test: /\.[^./\\]+$/,
  exclude: /\.(?:[cm]?[jt]sx?|es6?|esm|css|json|html)$/,
  type: 'asset/resource',
};

/** Fonts of Google come from packages that the project has installed. */
const localFonts = (root) => ({
  test: /[\\/]@remotion[\\/]google-fonts[\\/]dist[\\/](?:cjs|esm)[\\/]\w+\.m?js$/,
  use: [{ loader: path.join(root, 'worker/adapters/render/local-fonts.mjs') }],
});

/**
 * Changes Remotion's configuration of rspack. Templates are in any folder, and may show projects of their own: packages
 * that those have not installed are looked for where this program finds its own. Remotion takes care of one `react` and
 * one `remotion`; there is one `react-dom`, one `zod` and one Bespoke as well.
 *
 * @param root absolute folder of this program. Remotion bundles its configuration, which cannot say where this module is.
 * @param tsconfig absolute, whose path aliases are followed; empty for none.
 */
export function configureBundler(config, root, tsconfig = '') {
  const require = createRequire(path.join(root, 'package.json'));
  return {
    ...config,
    // Lazy compilation opens one more port, to every interface.
    experiments: { ...config.experiments, lazyCompilation: false },
    resolve: {
      ...config.resolve,
      ...(tsconfig !== '' && { tsConfig: { configFile: tsconfig, references: 'auto' } }),
      alias: {
        ...config.resolve.alias,
        'react-dom$': require.resolve('react-dom'),
        zod: path.dirname(require.resolve('zod/package.json')),
        'bespoke/template$': path.join(root, 'video/template.ts'),
        'bespoke/kit$': path.join(root, 'video/kit.ts'),
        'bespoke/remotion$': path.join(root, 'video/remotion.tsx'),
      },
      modules: [...(config.resolve.modules ?? ['node_modules']), ...require.resolve.paths('any')],
    },
    plugins: [...config.plugins, leaveErrorsToTemplates(root)],
    module: { ...config.module, rules: [...config.module.rules, assets, localFonts(root)] },
  };
}

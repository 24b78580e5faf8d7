/**
 * What the bundles of Studio and of the renderer have in common. JavaScript, because the renderer's bundler is a
 * process of its own that runs without the program's build.
 */
import { createRequire } from 'node:module';
import path from 'node:path';

/** Whether an error is in a template, or in a package that only a template can have imported. */
const isOfTemplate = (templates, { module }) => {
  const file = module?.resource ?? '';
  return file.startsWith(templates + path.sep) || /[\\/]node_modules[\\/]/.test(file);
};

/** The bundler writes a module with an error as one that throws it, so that other templates work. */
const leaveErrorsToTemplates = (templates) => ({
  apply: (compiler) => {
    const leave = (compilation) => {
      compilation.errors = compilation.errors.filter((error) => !isOfTemplate(templates, error));
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

/**
 * Changes Remotion's configuration of rspack.
 *
 * @param templates absolute folder of the templates: a mistake in one of them stops no other.
 * @param root absolute folder of this program, from which its packages are found. Templates may show projects of their
 * own: what those have not installed is looked for here. Remotion takes care of one `react` and one `remotion`, but not
 * of one `react-dom`.
 */
export const configureBundler = (config, templates, root) => ({
  ...config,
  // Lazy compilation opens one more port, to every interface.
  experiments: { ...config.experiments, lazyCompilation: false },
  resolve: {
    ...config.resolve,
    alias: {
      ...config.resolve.alias,
      'react-dom$': createRequire(path.join(root, 'package.json')).resolve('react-dom'),
    },
    modules: [...(config.resolve.modules ?? ['node_modules']), path.join(root, 'node_modules')],
  },
  plugins: [...config.plugins, leaveErrorsToTemplates(templates)],
  module: { ...config.module, rules: [...config.module.rules, assets] },
});

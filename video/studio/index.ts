import { registerRoot } from 'remotion';
import { registry } from '../../templates/registry.ts';
import { makeStudioRoot } from './make-studio-root.tsx';
import { templateAssets } from './template-assets.ts';

registerRoot(
  makeStudioRoot(registry, {
    assets: templateAssets(
      import.meta.webpackContext('../../templates', {
        recursive: true,
        regExp: /\/(fixtures|sounds)\/[^/]+\.(png|jpg|jpeg|webp|wav)$/,
      }),
    ),
  }),
);

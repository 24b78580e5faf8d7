import { registerRoot } from 'remotion';
import { registry } from '../../templates/registry.ts';
import { makeStudioRoot, templateAssets } from './make-studio-root.tsx';

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

import { registry } from '../../templates/registry.ts';
import { registerStudio } from './register.tsx';
import { templateAssets } from './template-assets.ts';

registerStudio(registry, {
  assets: templateAssets(
    import.meta.webpackContext('../../templates', {
      recursive: true,
      regExp: /\/(fixtures|sounds)\/[^/]+\.(png|jpg|jpeg|webp|wav)$/,
    }),
  ),
});

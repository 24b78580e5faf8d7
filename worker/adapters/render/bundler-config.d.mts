import type { RspackConfiguration } from '@remotion/bundler';

export function configureBundler(
  config: RspackConfiguration,
  templates: string,
  root: string,
): RspackConfiguration;

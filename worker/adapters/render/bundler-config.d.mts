import type { RspackConfiguration } from '@remotion/bundler';

export function configureBundler(
  config: RspackConfiguration,
  root: string,
  tsconfig?: string,
): RspackConfiguration;

import type { RspackConfiguration } from '@remotion/bundler';

export function configureBundler(config: RspackConfiguration, tsconfig?: string): RspackConfiguration;

/**
 * Remotion's server for the frames of `<OffthreadVideo>`: `node media-server.mjs <address of the bundle>`. It prints
 * its port. A process of its own: what it starts gets this process's environment, which has no secrets.
 */
import { RenderInternals } from '@remotion/renderer';

const { offthreadPort } = await RenderInternals.prepareServer({
  webpackConfigOrServeUrl: process.argv[2],
  port: null,
  remotionRoot: process.cwd(),
  offthreadVideoThreads: 1,
  offthreadVideoCacheSizeInBytes: null,
  logLevel: 'error',
  indent: false,
  binariesDirectory: null,
  forceIPv4: true,
  sampleRate: 48_000,
});
process.stdout.write(`${offthreadPort}\n`);
// It ends with the process that started it, on systems too that cannot bind the two.
process.stdin.resume().on('end', () => process.exit());

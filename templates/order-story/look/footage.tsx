import { OffthreadVideo, staticFile, useCurrentFrame, useVideoConfig } from 'remotion';

/** Footage that fills the window. It is wider than the window, so the parcel, right of its middle, is kept. */
export function Footage({ file }: { readonly file: string }) {
  const { durationInFrames } = useVideoConfig();
  const near = 1 + 0.035 * (useCurrentFrame() / durationInFrames);
  return (
    <OffthreadVideo
      muted
      src={staticFile(file)}
      style={{
        width: '100%',
        height: '100%',
        objectFit: 'cover',
        objectPosition: '84% 50%',
        transform: `scale(${near.toFixed(5)})`,
      }}
    />
  );
}

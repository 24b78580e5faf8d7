/** The clips that viewers are told of. Every method is one transaction and may be repeated without harm. */
export interface ToldClips {
  /**
   * Remembers that the viewer of a video is told of stored clips, so that they stay as long as the video.
   *
   * @returns those that are still there.
   */
  readonly tellClips: (video: string, keys: readonly string[]) => Promise<ReadonlySet<string>>;
  /** How far a clip is; `undefined` for a personal one that the viewer of this video is not told of, or no more. */
  readonly toldClip: (video: string, key: string) => Promise<'wanted' | 'stored' | 'failed' | undefined>;
  /** A stored clip's file is gone: it is to be made again for whoever wants it. */
  readonly loseClip: (key: string) => Promise<void>;
}

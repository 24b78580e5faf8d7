import type { RemakeView } from '../../video/story/engine/viewer-protocol.ts';
import type { VideoEntry } from '../core/renders.ts';
import { isShown } from '../orders/links.ts';

/** How far a film is that is made anew. */
export function viewRemake({ remake }: Pick<VideoEntry, 'remake'>): RemakeView {
  if (remake === undefined) return { state: 'none' };
  return { state: remake.status.state === 'failed' ? 'failed' : 'making' };
}

/**
 * The path of a file of a film, on this server; empty while the film is made anew. Another film behind the
 * same address has another one, so that no cache answers with what was shown before.
 */
export function filmPath(video: VideoEntry, address: string | undefined): string {
  const { key } = video;
  if (address === undefined || key === undefined || !isShown(video)) return '';
  return `${new URL(address).pathname}?film=${key.slice(0, 16)}`;
}

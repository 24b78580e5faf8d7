import type { RemakeView } from '../../video/story/engine/viewer-protocol.ts';
import type { Render } from '../core/renders.ts';
import { isShown } from '../campaigns/links.ts';

/** How far a remake is. */
export function remakeView({ remake }: Pick<Render, 'remake'>): RemakeView {
  if (remake === undefined) return { state: 'none' };
  return { state: remake.status.state === 'failed' ? 'failed' : 'making' };
}

/**
 * The path of a file of a video, on this server; empty while a remake is made. Another video behind the same address
 * has another one, so that no cache answers with what was shown before.
 */
export function videoPath(render: Render, address: string | undefined): string {
  const { key } = render;
  if (address === undefined || key === undefined || !isShown(render)) return '';
  return `${new URL(address).pathname}?film=${key.slice(0, 16)}`;
}

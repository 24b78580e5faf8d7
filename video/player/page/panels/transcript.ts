import type { WalkPlayer } from '../../walk/walk-player.ts';
import { openDialog } from '../dialog.ts';
import { make, storyWords } from '../dom.ts';
import { transcriptOf } from '../told.ts';
import { words } from '../words.ts';

/** Opens what has been shown so far, as text. */
export function openTranscript({ session, shelf }: WalkPlayer): void {
  const { walk, world } = session;
  const places = walk === undefined ? [] : transcriptOf(world, walk, (name) => shelf.view(name));
  const items = places.map((texts) => make('li', {}, ...texts.map((text) => make('p', storyWords(), text))));
  openDialog(
    words.transcript,
    'transcript',
    items.length === 0 ? make('p', {}, words.noTranscript) : make('ol', {}, ...items),
  );
}

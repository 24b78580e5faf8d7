import { buildPlayer, type BuiltPlayer } from '../../video/player/build-player.ts';

let built: Promise<BuiltPlayer> | undefined;

/** The player's files, built at the first request and then kept. */
export function playerAssets(): Promise<BuiltPlayer> {
  built ??= buildPlayer().catch((error: unknown) => {
    built = undefined;
    throw error;
  });
  return built;
}

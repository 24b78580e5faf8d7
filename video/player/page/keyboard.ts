import type { OfferedChoice } from '../walk/offer.ts';

/** What a key does. */
export type KeyAction =
  | { readonly do: 'choose'; readonly choice: string }
  | { readonly do: 'toggle-play' | 'toggle-mute' | 'toggle-captions' | 'toggle-full-screen' | 'back' };

/** A key, and where it was pressed. */
export interface Pressed {
  readonly key: string;
  readonly modified: boolean;
  /** Whether the focused element does something with keys itself. */
  readonly typing: boolean;
  readonly onButton: boolean;
}

const playback: Readonly<Record<string, Exclude<KeyAction, { do: 'choose' }>>> = {
  k: { do: 'toggle-play' },
  m: { do: 'toggle-mute' },
  c: { do: 'toggle-captions' },
  f: { do: 'toggle-full-screen' },
  b: { do: 'back' },
};

/**
 * What a key does now: first the story's choices, each by its key or its number, then playback. Single
 * letters can be turned off, as WCAG 2.1.4 wants; the space bar plays and pauses all the same.
 */
export function keyAction(
  { key, modified, typing, onButton }: Pressed,
  choices: readonly OfferedChoice[],
  shortcuts: boolean,
): KeyAction | undefined {
  if (modified || typing) return undefined;
  if (key === ' ') return onButton ? undefined : { do: 'toggle-play' };
  if (!shortcuts) return undefined;
  const pressed = key.toLowerCase();
  const own = choices.find((offered) => offered.key.toLowerCase() === pressed);
  const numbered = /^[1-9]$/.test(pressed) ? choices[Number(pressed) - 1] : undefined;
  const offered = own ?? numbered;
  if (offered?.enabled === true) return { do: 'choose', choice: offered.choice.id };
  return Object.hasOwn(playback, pressed) ? playback[pressed] : undefined;
}

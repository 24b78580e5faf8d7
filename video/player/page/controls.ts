import type { OfferedChoice } from '../session/offer.ts';

/** A viewer's settings for all films on this device. */
export interface Settings {
  readonly captions: boolean;
  readonly timeLimits: boolean;
  readonly shortcuts: boolean;
  readonly muted: boolean;
  readonly volume: number;
}

const key = 'bespoke-player';

const usual: Settings = { captions: true, timeLimits: true, shortcuts: true, muted: false, volume: 1 };

/** Reads settings from stored text, which may be invalid. */
export function parseSettings(text: string | null): Settings {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '{}');
  } catch {
    return usual;
  }
  if (typeof stored !== 'object' || stored === null) return usual;
  const flag = (name: 'captions' | 'timeLimits' | 'shortcuts' | 'muted'): boolean => {
    const value: unknown = Reflect.get(stored, name);
    return typeof value === 'boolean' ? value : usual[name];
  };
  const volume: unknown = Reflect.get(stored, 'volume');
  return {
    captions: flag('captions'),
    timeLimits: flag('timeLimits'),
    shortcuts: flag('shortcuts'),
    muted: flag('muted'),
    volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : usual.volume,
  };
}

/** Settings, saved if the browser allows it. */
export class SettingsStore {
  #settings: Settings;

  constructor() {
    this.#settings = parseSettings(this.#read());
  }

  get all(): Settings {
    return this.#settings;
  }

  set(change: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...change };
    try {
      localStorage.setItem(key, JSON.stringify(this.#settings));
    } catch {
      // Embedded pages may not be allowed to store anything; then settings last for this visit.
    }
  }

  #read(): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }
}

/** What a key does. */
export type KeyAction =
  | { readonly do: 'choose'; readonly choice: string }
  | { readonly do: 'toggle-play' | 'toggle-mute' | 'toggle-captions' | 'toggle-full-screen' | 'back' };

/** A key, and where it was pressed. */
export interface Pressed {
  readonly key: string;
  readonly modified: boolean;
  /** Whether the focused element handles keys itself. */
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
 * letters can be turned off, as WCAG 2.1.4 requires; the space bar always plays and pauses.
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

/** The class of a page that fills the viewport because elements cannot go full screen. */
const filledClass = 'fills-viewport';

/** Shows the player, including choices and captions, in full screen. */
export class FullScreen {
  readonly #player: HTMLElement;
  readonly #changed: () => void;
  readonly #filled: (on: boolean) => void;

  /**
   * @param changed called when full screen was entered or left in any way.
   * @param filled called when the page starts or stops filling the viewport because there is no full screen.
   */
  constructor(player: HTMLElement, changed: (isOn: boolean) => void, filled: (on: boolean) => void) {
    this.#player = player;
    this.#changed = () => changed(this.isOn);
    this.#filled = filled;
    document.addEventListener('fullscreenchange', this.#changed);
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && player.classList.contains(filledClass)) this.#fill(false);
    });
  }

  get isOn(): boolean {
    return document.fullscreenElement === this.#player || this.#player.classList.contains(filledClass);
  }

  async toggle(): Promise<void> {
    if (document.fullscreenElement !== null) await document.exitFullscreen();
    else if (this.isOn) this.#fill(false);
    else if (document.fullscreenEnabled) {
      await this.#player.requestFullscreen().catch(() => this.#fill(true));
    } else this.#fill(true);
  }

  #fill(on: boolean): void {
    this.#player.classList.toggle(filledClass, on);
    document.documentElement.classList.toggle('is-filled', on);
    this.#filled(on);
    this.#changed();
  }
}

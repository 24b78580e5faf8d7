/** What a viewer has set once and for all films on this device. */
export interface Settings {
  readonly captions: boolean;
  readonly timeLimits: boolean;
  readonly shortcuts: boolean;
  readonly muted: boolean;
  readonly volume: number;
}

const key = 'bespoke-player';

const usual: Settings = { captions: true, timeLimits: true, shortcuts: true, muted: false, volume: 1 };

/** Reads settings from a text that may be anything. */
export function parseSettings(text: string | null): Settings {
  let told: unknown;
  try {
    told = JSON.parse(text ?? '{}');
  } catch {
    return usual;
  }
  if (typeof told !== 'object' || told === null) return usual;
  const flag = (name: 'captions' | 'timeLimits' | 'shortcuts' | 'muted'): boolean => {
    const value: unknown = Reflect.get(told, name);
    return typeof value === 'boolean' ? value : usual[name];
  };
  const volume: unknown = Reflect.get(told, 'volume');
  return {
    captions: flag('captions'),
    timeLimits: flag('timeLimits'),
    shortcuts: flag('shortcuts'),
    muted: flag('muted'),
    volume: typeof volume === 'number' && volume >= 0 && volume <= 1 ? volume : usual.volume,
  };
}

/** Settings that stick where the browser lets them. */
export class SettingsShelf {
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
      // Inside other people's pages nothing may be kept; then it holds for this visit.
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

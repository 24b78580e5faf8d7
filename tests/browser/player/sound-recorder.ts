/** What a page sounded like at a moment. */
export interface Heard {
  /** Of the page's clock. */
  readonly atMs: number;
  /** The music's own position, in seconds. */
  readonly music: number;
  readonly volume: number;
  readonly paused: boolean;
  readonly muted: boolean;
  /** Root mean square of what sounds of scenes sent to the speaker. */
  readonly sounds: number;
}

declare global {
  interface Window {
    heard: Heard[];
    /** What happened to the music's element, but for the passing of time and its loading. */
    musicEvents: string[];
    /** When sounds of scenes began, or would have where one came late, of the page's clock in milliseconds. */
    soundsBegan: number[];
  }
}

/** Runs in a page: listens to music and sounds, every 20 ms. */
export function recordSound(): void {
  window.heard = [];
  window.musicEvents = [];
  window.soundsBegan = [];
  let music: HTMLAudioElement | undefined;
  let speaker: AnalyserNode | undefined;
  const types = ['play', 'pause', 'seeking', 'emptied', 'ended', 'error'];
  const hear = (element: HTMLAudioElement): void => {
    music = element;
    for (const type of types) element.addEventListener(type, () => window.musicEvents.push(type));
  };
  window.Audio = class extends Audio {
    constructor(address?: string) {
      super(address);
      hear(this);
    }
  };
  window.AudioContext = class extends AudioContext {
    override get destination(): AudioDestinationNode {
      speaker ??= new AnalyserNode(this);
      speaker.connect(super.destination);
      // Only connected to, which both can be.
      return speaker as unknown as AudioDestinationNode;
    }
  };
  window.AudioBufferSourceNode = class extends AudioBufferSourceNode {
    override start(when?: number, offset = 0): void {
      window.soundsBegan.push(performance.now() - offset * 1000);
      super.start(when, offset);
    }
  };
  const samples = new Float32Array(1024);
  const listen = (): void => {
    if (music === undefined) return;
    speaker?.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    const { currentTime, volume, paused, muted } = music;
    const sounds = speaker?.context.state === 'running' ? Math.sqrt(power) : 0;
    window.heard.push({ atMs: performance.now(), music: currentTime, volume, paused, muted, sounds });
  };
  window.setInterval(listen, 20);
}

/** Where the page fills the viewport because an element cannot go full screen. */
const filledClass = 'fills-viewport';

/** Shows the theatre, choices and captions included, on the full screen. */
export class FullScreen {
  readonly #theatre: HTMLElement;

  /** @param changed called when it was entered or left, by whatever way. */
  constructor(theatre: HTMLElement, changed: () => void) {
    this.#theatre = theatre;
    document.addEventListener('fullscreenchange', changed);
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && theatre.classList.contains(filledClass)) this.#fill(false);
    });
    this.#changed = changed;
  }

  readonly #changed: () => void;

  get isOn(): boolean {
    return document.fullscreenElement === this.#theatre || this.#theatre.classList.contains(filledClass);
  }

  async toggle(): Promise<void> {
    if (document.fullscreenElement !== null) await document.exitFullscreen();
    else if (this.isOn) this.#fill(false);
    else if (document.fullscreenEnabled) {
      await this.#theatre.requestFullscreen().catch(() => this.#fill(true));
    } else this.#fill(true);
  }

  #fill(on: boolean): void {
    this.#theatre.classList.toggle(filledClass, on);
    document.documentElement.classList.toggle('is-filled', on);
    this.#changed();
  }
}

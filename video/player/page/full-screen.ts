/** Where the page fills the viewport because an element cannot go full screen. */
const filledClass = 'fills-viewport';

/** Shows the theatre, choices and captions included, on the full screen. */
export class FullScreen {
  readonly #theatre: HTMLElement;
  readonly #changed: () => void;
  readonly #filled: (on: boolean) => void;

  /**
   * @param changed called when it was entered or left, by whatever way.
   * @param filled called when the page is filled because there is no full screen, or no longer.
   */
  constructor(theatre: HTMLElement, changed: (isOn: boolean) => void, filled: (on: boolean) => void) {
    this.#theatre = theatre;
    this.#changed = () => changed(this.isOn);
    this.#filled = filled;
    document.addEventListener('fullscreenchange', this.#changed);
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && theatre.classList.contains(filledClass)) this.#fill(false);
    });
  }

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
    this.#filled(on);
    this.#changed();
  }
}

import { make } from './dom.ts';

/** Says things to those who do not see them. */
export class Announcer {
  readonly element = make('p', { class: 'unseen', role: 'status', 'aria-live': 'polite' });

  say(text: string): void {
    // The same words again are told again only where the text has changed.
    this.element.textContent = this.element.textContent === text ? `${text}\u00a0` : text;
  }
}

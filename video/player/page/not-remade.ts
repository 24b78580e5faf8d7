import { laterWords } from '../words/later-words.ts';
import { make } from './dom.ts';
import { pageLanguage, words } from './words.ts';

const own = laterWords[pageLanguage()];

/** Actions when the film could not be updated. */
export interface NotRemadeActions {
  readonly tryAgain: () => void;
  readonly privacy: () => void;
}

/** Shown instead of a film that could not be updated. @param actions for its owner. */
export function drawNotRemade(actions: NotRemadeActions | undefined): HTMLElement {
  return make(
    'section',
    { class: 'sorry', tabindex: -1, role: 'alert' },
    make('h2', {}, own.notRemadeTitle),
    make('p', {}, actions === undefined ? own.notRemadeForOthers : own.notRemade),
    ...(actions === undefined
      ? []
      : [
          make('button', { type: 'button', class: 'primary', onclick: actions.tryAgain }, words.tryAgain),
          make('button', { type: 'button', class: 'quiet', onclick: actions.privacy }, words.privacy),
        ]),
  );
}

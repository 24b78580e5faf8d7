import { words } from './words.ts';

export type Attributes = Readonly<
  Record<string, string | number | boolean | undefined | ((event: Event) => void)>
>;

/**
 * Creates an element. Names that begin with `on` are listeners, `true` is an attribute without value, `false`
 * and `undefined` are left out. Strings become text nodes, never markup.
 */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, '');
    else if (value !== false && value !== undefined) made.setAttribute(name, String(value));
  }
  made.append(...children);
  return made;
}

/** Languages of what is not the page's own. */
export interface FilmLanguages {
  /** Of title, labels and questions. */
  readonly story: string;
  /** Of captions. */
  readonly film: string;
}

let languages: FilmLanguages = { story: '', film: '' };

/** Sets the languages of the film that is shown from now on. */
export function setFilmLanguages(set: FilmLanguages): void {
  languages = set;
}

/** Attributes of the story's own words: their language and text direction. */
export const storyWords = (): Attributes => ({ dir: 'auto', lang: languages.story });

/** The same for what the film says. */
export const filmWords = (): Attributes => ({ dir: 'auto', lang: languages.film });

/** An icon of 24 by 24 units, drawn by one path. */
export function icon(path: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const shape = document.createElementNS(space, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}

/** Paths of the icons. */
export const icons = {
  back: 'M10 5 3 12l7 7M3.5 12H21',
  play: 'M7 4.5v15l12.5-7.5z',
  replay: 'M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5',
  expand: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  shrink: 'M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5 10 17.5 19.5 7',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  out: 'M14 4h6v6M20 4l-9 9M10 5H5v14h14v-5',
} as const;

/** Announces texts to screen readers. */
export class Announcer {
  readonly element = make('p', { class: 'unseen', role: 'status', 'aria-live': 'polite' });

  say(text: string): void {
    // Screen readers repeat the same words only if the text has changed.
    this.element.textContent = this.element.textContent === text ? `${text}\u00a0` : text;
  }
}

/** Opens a modal dialog; focus stays in it and returns to its previous place on closing. */
export function openDialog(title: string, className: string, ...content: readonly Node[]): HTMLDialogElement {
  const close = make(
    'button',
    { type: 'button', class: 'control', 'aria-label': words.close, onclick: () => dialog.close() },
    icon(icons.close),
  );
  const heading = make('h2', { id: 'dialog-title' }, title);
  const dialog: HTMLDialogElement = make(
    'dialog',
    { class: `sheet ${className}`, 'aria-labelledby': 'dialog-title' },
    make('header', {}, heading, close),
    make('div', { class: 'sheet-body' }, ...content),
  );
  const before = document.activeElement;
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  });
  dialog.addEventListener('click', ({ target }) => {
    // The dialog itself is the target only of clicks beside its content.
    if (target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

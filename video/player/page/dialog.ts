import { icon, make } from './dom.ts';
import { icons } from './icons.ts';
import { pageLanguage, words } from './words.ts';

/** Shows a dialog over everything; focus is kept in it and goes back where it was. */
export function openDialog(title: string, className: string, ...content: readonly Node[]): HTMLDialogElement {
  const close = make(
    'button',
    { type: 'button', class: 'control', 'aria-label': words.close, onclick: () => dialog.close() },
    icon(icons.close),
  );
  const heading = make('h2', { id: 'dialog-title' }, title);
  const dialog: HTMLDialogElement = make(
    'dialog',
    { class: `sheet ${className}`, 'aria-labelledby': 'dialog-title', lang: pageLanguage },
    make('header', {}, heading, close),
    make('div', { class: 'sheet-body' }, ...content),
  );
  const before = document.activeElement;
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  });
  dialog.addEventListener('click', ({ target }) => {
    // The dialog itself is hit only beside its content.
    if (target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

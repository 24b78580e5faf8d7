import { openDialog } from '../dialog.ts';
import { make } from '../dom.ts';
import { words } from '../words.ts';

/** A setting that is on or off. */
interface Switch {
  readonly label: string;
  readonly on: boolean;
  readonly set: (on: boolean) => void;
}

/** What the menu holds. */
export interface MenuContent {
  readonly switches: readonly Switch[];
  readonly entries: readonly { readonly label: string; readonly open: () => void }[];
}

/** Opens the menu: settings that stick, and ways to see the film otherwise. */
export function openMenu({ switches, entries }: MenuContent): void {
  const rows = switches.map(({ label, on, set }) => {
    const input = make('input', { type: 'checkbox', role: 'switch', checked: on });
    input.addEventListener('change', () => set(input.checked));
    return make('label', { class: 'switch' }, make('span', {}, label), input);
  });
  const buttons = entries.map(({ label, open }) =>
    make(
      'button',
      {
        type: 'button',
        class: 'entry-button',
        onclick: () => {
          dialog.close();
          open();
        },
      },
      label,
    ),
  );
  const dialog = openDialog(
    words.menu,
    'menu',
    make('div', { class: 'switches' }, ...rows),
    make('div', { class: 'entries' }, ...buttons),
  );
}

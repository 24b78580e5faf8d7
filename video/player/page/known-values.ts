import type { ChangeFault, KnownChange, KnownValue } from '../../story/engine/viewer-protocol.ts';
import { privacyWords } from '../words/privacy-words.ts';
import { make } from './dom.ts';
import { pageLanguage, words as pageWords } from './words.ts';

/** Texts of the dialog about a viewer's data. */
export const words = privacyWords[pageLanguage()];

/** Sends a change of a value. @returns the reason if it was refused. */
export type Change = (change: KnownChange, known: KnownValue) => Promise<string | undefined>;

/** The message for a change that is refused. */
export function sayFault({ problem }: ChangeFault, { correction }: KnownValue): string {
  const own = words.problems;
  const { 'too-long': sayTooLong, 'out-of-range': sayRange, ...usual } = pageWords.problems;
  switch (problem) {
    case 'too-long':
      return correction?.type === 'text' && correction.maxLength !== undefined
        ? sayTooLong(correction.maxLength)
        : own['not-accepted'];
    case 'out-of-range': {
      const { min, max } = correction?.type === 'number' ? correction : {};
      return min === undefined || max === undefined ? own['not-accepted'] : sayRange(min, max);
    }
    case 'not-a-date':
    case 'not-accepted':
    case 'required':
    case 'derived':
    case 'empty':
      return own[problem];
    default:
      return usual[problem];
  }
}

function entryOf({
  correction,
  value = '',
  label,
}: KnownValue): HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement {
  const usual = { 'aria-label': label, class: 'correction-entry' };
  switch (correction?.type) {
    case 'choice':
      return make(
        'select',
        usual,
        ...correction.options.map((option) =>
          make('option', { value: option, selected: option === value }, option),
        ),
      );
    case 'number':
      return make('input', { ...usual, type: 'text', inputmode: 'decimal', value });
    case 'date':
      return make('input', { ...usual, type: 'text', value, placeholder: 'YYYY-MM-DD' });
    case 'text':
      if (correction.multiline === true) {
        return make('textarea', { ...usual, dir: 'auto', rows: 5, maxlength: correction.maxLength }, value);
      }
      return make('input', { ...usual, type: 'text', dir: 'auto', value, maxlength: correction.maxLength });
    case undefined:
      throw new Error('This value cannot be corrected.');
    default:
      return correction satisfies never;
  }
}

function correctionForm(known: KnownValue, change: Change, done: () => void): HTMLFormElement {
  const entry = entryOf(known);
  const problem = make('p', { class: 'problem', role: 'alert' });
  return make(
    'form',
    {
      class: 'correction',
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        void change({ name: known.name, do: 'correct', value: entry.value }, known).then((fault) => {
          problem.textContent = fault ?? '';
          if (fault === undefined) return;
          entry.setAttribute('aria-invalid', 'true');
          entry.focus();
        });
      },
    },
    entry,
    make('button', { type: 'submit', class: 'primary small' }, words.save),
    make('button', { type: 'button', class: 'quiet small', onclick: () => done() }, words.cancel),
    problem,
  );
}

function drawValue(known: KnownValue, change: Change): HTMLElement {
  const { name, label, value, source, withheld } = known;
  const slot = make('div', { class: 'known-actions' });
  const quick = (text: string, spoken: string, onclick: () => void): HTMLElement =>
    make('button', { type: 'button', class: 'quiet small', 'aria-label': spoken, onclick }, text);
  const draw = (): void => {
    const buttons: HTMLElement[] = [];
    if (known.correction !== undefined && !withheld) {
      buttons.push(
        quick(words.correct, words.correctOf(label), () => {
          const form = correctionForm(known, change, () => {
            draw();
            slot.querySelector('button')?.focus();
          });
          slot.replaceChildren(form);
          form.querySelector<HTMLElement>('input, select, textarea')?.focus();
        }),
      );
    }
    if (known.canWithhold) {
      buttons.push(
        withheld
          ? quick(words.restore, words.restoreOf(label), () => void change({ name, do: 'restore' }, known))
          : quick(
              words.withhold,
              words.withholdOf(label),
              () => void change({ name, do: 'withhold' }, known),
            ),
      );
    }
    slot.replaceChildren(...buttons);
  };
  draw();
  return make(
    'li',
    { class: 'known', 'data-name': name },
    make(
      'div',
      { class: 'known-text' },
      make('span', { class: 'known-label' }, label),
      make(
        'span',
        { class: 'known-value', dir: 'auto' },
        withheld ? words.withheld : (value ?? words.nothing),
      ),
      make('span', { class: 'hint' }, words.sources[source]),
    ),
    slot,
  );
}

/** All values that this person's video uses, each with its actions. */
export function drawKnown(values: readonly KnownValue[], change: Change): HTMLElement {
  return make('ul', { class: 'known-list' }, ...values.map((value) => drawValue(value, change)));
}

import { checkAnswer } from '../../story/engine/check-answer.ts';
import type { Value } from '../../story/engine/condition.ts';
import type { AnswerOption, VariableDeclaration } from '../../story/engine/graph.ts';
import type { Refusal } from '../../story/engine/events.ts';
import type { Offer } from '../walk/offer.ts';
import { countCharacters, mostCharacters, sayProblem } from './answer-words.ts';
import { make, storyWords } from './dom.ts';
import { words } from './words.ts';

type Form = NonNullable<Offer['form']>;

/** What a form does with what the viewer enters. */
export interface FormActions {
  readonly answer: (value: Value) => Refusal | undefined;
  readonly skip: () => void;
}

/** The answers to pick, in words. */
function optionsOf({ question, declaration }: Form): readonly AnswerOption[] {
  if (question.options !== undefined) return question.options;
  if (declaration.type === 'boolean') {
    return [
      { value: true, label: words.yes },
      { value: false, label: words.no },
    ];
  }
  return declaration.type === 'choice' ? declaration.values.map((value) => ({ value, label: value })) : [];
}

function pickField(form: Form): { readonly field: HTMLElement; readonly read: () => Value | undefined } {
  const options = optionsOf(form);
  const inputs = options.map((option, index) => ({
    option,
    input: make('input', {
      type: 'radio',
      name: 'answer',
      id: `answer-${index}`,
      checked: option.value === form.held,
      'aria-describedby': 'answer-problem',
    }),
  }));
  const rows = inputs.map(({ option, input }) =>
    make('label', { class: 'option', for: input.id, ...storyWords() }, input, make('span', {}, option.label)),
  );
  return {
    field: make('div', { class: 'options' }, ...rows),
    read: () => inputs.find(({ input }) => input.checked)?.option.value,
  };
}

function numberField(
  declaration: Extract<VariableDeclaration, { type: 'number' }>,
  form: Form,
): { readonly field: HTMLElement; readonly read: () => Value | undefined } {
  const input = make('input', {
    type: 'text',
    inputmode: declaration.integer === true && declaration.min >= 0 ? 'numeric' : 'decimal',
    id: 'answer',
    autocomplete: 'off',
    'aria-describedby': 'answer-hint answer-problem',
  });
  if (typeof form.held === 'number') input.value = String(form.held);
  const hint = make('p', { id: 'answer-hint', class: 'hint' }, `${declaration.min} – ${declaration.max}`);
  return {
    field: make('div', { class: 'entry' }, input, hint),
    // A comma is a decimal point in half of the world.
    read: () => (input.value.trim() === '' ? '' : Number(input.value.trim().replace(',', '.'))),
  };
}

function textField(
  most: number,
  form: Form,
): { readonly field: HTMLElement; readonly read: () => Value | undefined } {
  const input = make('input', {
    type: 'text',
    id: 'answer',
    ...storyWords(),
    autocomplete: 'off',
    'aria-describedby': 'answer-hint answer-problem',
  });
  if (typeof form.held === 'string') input.value = form.held;
  const hint = make('p', { id: 'answer-hint', class: 'hint' });
  const count = (): void => {
    hint.textContent = words.charactersLeft(Math.max(0, most - countCharacters(input.value)));
  };
  input.addEventListener('input', count);
  count();
  return { field: make('div', { class: 'entry' }, input, hint), read: () => input.value };
}

function fieldOf(form: Form): { readonly field: HTMLElement; readonly read: () => Value | undefined } {
  const { declaration } = form;
  if (declaration.type === 'number' && form.question.options === undefined)
    return numberField(declaration, form);
  if (declaration.type === 'text') return textField(mostCharacters(declaration) ?? 0, form);
  return pickField(form);
}

/** A story's question as a form of the page. */
export function questionForm(form: Form, actions: FormActions): HTMLFormElement {
  const { question, declaration } = form;
  const { field, read } = fieldOf(form);
  const problem = make('p', { id: 'answer-problem', class: 'problem', role: 'alert' });
  const isGroup = field.className === 'options';
  const label = question.accessibleLabel;
  const title = isGroup
    ? make('legend', storyWords(), question.label)
    : make('label', { for: 'answer', ...storyWords() }, question.label);
  if (label !== undefined) title.setAttribute('aria-label', label);
  const optional = question.optional === true;
  const entries = make(
    'div',
    { class: 'question-actions' },
    make('button', { type: 'submit', class: 'primary' }, words.send),
    ...(optional
      ? [make('button', { type: 'button', class: 'quiet', onclick: () => actions.skip() }, words.skip)]
      : []),
  );
  const tell = (text: string): void => {
    problem.textContent = text;
    for (const input of field.querySelectorAll('input')) input.setAttribute('aria-invalid', 'true');
    field.querySelector<HTMLInputElement>('input:checked, input')?.focus();
  };
  return make(
    'form',
    {
      class: 'question',
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        const value = read();
        if (value === undefined || (value === '' && declaration.type === 'number')) {
          tell(isGroup ? words.problems['not-an-option'] : words.problems['wrong-type']);
          return;
        }
        const checked = checkAnswer(declaration, value);
        if (!checked.ok) {
          tell(sayProblem(checked.problem, declaration));
          return;
        }
        const refusal = actions.answer(checked.value);
        if (refusal?.reason === 'answer-refused') tell(sayProblem(refusal.problem, declaration));
      },
    },
    make(isGroup ? 'fieldset' : 'div', { class: 'question-body' }, title, field, problem),
    entries,
  );
}

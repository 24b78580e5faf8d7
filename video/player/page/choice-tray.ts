import {
  type Area,
  longestAnswer,
  type VariableDeclaration,
  type AnswerOption,
} from '../../story/engine/graph.ts';
import { type AnswerProblem, checkAnswer, type Refusal } from '../../story/engine/take.ts';
import { words } from './words.ts';
import type { Value } from '../../story/engine/condition.ts';
import type { Offer, OfferedChoice } from '../session/offer.ts';
import { type Attributes, make, storyWords, icon, icons } from './dom.ts';

/** Most characters of a text answer; `undefined` for other types. */
function mostCharacters(declaration: VariableDeclaration): number | undefined {
  return declaration.type === 'text' ? Math.min(declaration.maxLength, longestAnswer) : undefined;
}

/** The message for an answer that is refused. */
function sayProblem(problem: AnswerProblem, declaration: VariableDeclaration): string {
  if (problem === 'out-of-range' && declaration.type === 'number')
    return words.problems['out-of-range'](declaration.min, declaration.max);
  if (problem === 'too-long') return words.problems['too-long'](mostCharacters(declaration) ?? longestAnswer);
  if (problem === 'wrong-type' && declaration.type !== 'number') return words.problems['not-an-option'];
  return problem === 'out-of-range' ? words.problems['wrong-type'] : words.problems[problem];
}

/** Characters as a reader counts them. */
function countCharacters(text: string): number {
  return [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].length;
}

type Form = NonNullable<Offer['form']>;

/** Callbacks of a form. */
interface FormActions {
  readonly answer: (value: Value) => Refusal | undefined;
  readonly skip: () => void;
}

/** The answers to pick, with labels. */
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
    // Many languages use a decimal comma.
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

/** A story's question as an HTML form. */
function questionForm(form: Form, actions: FormActions): HTMLFormElement {
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
  const showHint = (text: string): void => {
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
          showHint(isGroup ? words.problems['not-an-option'] : words.problems['wrong-type']);
          return;
        }
        const checked = checkAnswer(declaration, value);
        if (!checked.ok) {
          showHint(sayProblem(checked.problem, declaration));
          return;
        }
        const refusal = actions.answer(checked.value);
        if (refusal?.reason === 'answer-refused') showHint(sayProblem(refusal.problem, declaration));
      },
    },
    make(isGroup ? 'fieldset' : 'div', { class: 'question-body' }, title, field, problem),
    entries,
  );
}

/** Callbacks of the tray's buttons. */
export interface TrayActions extends FormActions {
  readonly choose: (id: string) => void;
  readonly follow: () => void;
}

/** A key that changes when an offer needs different buttons. */
export function offerIdentity({ choices, form, link, window: limits }: Offer, step: string): string {
  return JSON.stringify([
    step,
    choices.map(({ choice, enabled, picked }) => [choice.id, enabled, picked]),
    form?.question.label,
    link?.address,
    limits,
  ]);
}

function choiceButton({ choice, enabled, picked, key }: OfferedChoice, choose: () => void): HTMLElement {
  const name = choice.accessibleLabel;
  const button = make(
    'button',
    {
      type: 'button',
      class: 'choice',
      'aria-pressed': picked ? 'true' : undefined,
      // It stays in the tab order, so that keyboard users still find it.
      'aria-disabled': enabled ? undefined : 'true',
      'aria-label': name === undefined ? undefined : enabled ? name : `${name}, ${words.notAvailable}`,
      'data-choice': choice.id,
      onclick: () => {
        if (enabled) choose();
      },
    },
    make('span', { class: 'choice-label', ...storyWords() }, choice.label),
  );
  if (picked) button.append(icon(icons.check));
  else if (key !== '' && enabled) button.append(make('kbd', { 'aria-hidden': 'true' }, key.toUpperCase()));
  if (!enabled && name === undefined)
    button.append(make('span', { class: 'unseen' }, `, ${words.notAvailable}`));
  return button;
}

type OfferedLink = NonNullable<Offer['link']>;

/** What a call to action says. */
export function linkLabel({ label, address }: OfferedLink): string {
  const { page, call, mail } = words.links;
  return label ?? (address.startsWith('tel:') ? call : address.startsWith('mailto:') ? mail : page);
}

/** The language of what a call to action says; none where the page says it. */
const linkWords = ({ label, language }: OfferedLink): Attributes =>
  label === undefined ? {} : { ...storyWords(), ...(language !== undefined && { lang: language }) };

/** A call to action. A page opens in a new tab, so that the film stays open. */
function linkTo(link: OfferedLink, className: string, follow: () => void): HTMLAnchorElement {
  const { address, accessibleLabel } = link;
  const name = accessibleLabel ?? linkLabel(link);
  const isPage = address.startsWith('https:');
  return make('a', {
    class: className,
    href: address,
    rel: 'noopener noreferrer',
    ...(isPage && { target: '_blank' }),
    'aria-label': isPage ? `${name} (${words.opensInNewTab})` : name,
    onclick: () => follow(),
    // The middle button opens it too.
    onauxclick: (event) => {
      if (event instanceof MouseEvent && event.button === 1) follow();
    },
  });
}

/** A call to action as a button of the page. */
export function drawLink(link: OfferedLink, follow: () => void): HTMLElement {
  const drawn = linkTo(link, 'call', follow);
  drawn.append(make('span', linkWords(link), linkLabel(link)));
  if (drawn.target !== '') drawn.append(icon(icons.out));
  return drawn;
}

/** The story's buttons in page order: choices or a question, and a link. */
export function drawOffer({ choices, form, link }: Offer, actions: TrayActions): readonly HTMLElement[] {
  const drawn: HTMLElement[] = [];
  if (link !== undefined) drawn.push(drawLink(link, () => actions.follow()));
  if (form !== undefined) drawn.push(questionForm(form, actions));
  if (choices.length > 0) {
    drawn.push(
      make(
        'div',
        { class: 'choices', role: 'group', 'aria-label': words.choose },
        ...choices.map((offered) => choiceButton(offered, () => actions.choose(offered.choice.id))),
      ),
    );
  }
  return drawn;
}

/** Places an element over an area of the frame, whatever the page's text direction. */
function placeOver(element: HTMLElement, area: Area): void {
  const percent = (part: number): string => `${100 * part}%`;
  element.style.left = percent(area.x);
  element.style.top = percent(area.y);
  element.style.width = percent(area.width);
  element.style.height = percent(area.height);
}

/** Buttons over areas of the frame. */
export function drawSpots(
  { spots, link, button }: Offer,
  actions: Pick<TrayActions, 'choose' | 'follow'>,
): readonly HTMLElement[] {
  const choices = spots.map(({ choice, area }) => {
    const name = choice.accessibleLabel ?? choice.label;
    const spot = make('button', {
      type: 'button',
      class: 'spot',
      ...storyWords(),
      'aria-label': name,
      'data-choice': choice.id,
      onclick: () => actions.choose(choice.id),
    });
    placeOver(spot, area);
    return spot;
  });
  if (link === undefined || button === undefined) return choices;
  const painted = linkTo(link, 'spot', () => actions.follow());
  placeOver(painted, button);
  return [...choices, painted];
}

/** The time left to decide: a shrinking line, and the seconds as text. */
export class Countdown {
  readonly #host: HTMLElement;
  readonly #line = make('div', { class: 'clock-line' });
  readonly #text = make('span', { class: 'clock-text' });
  #seconds: number | undefined;

  /** @param noLimits called when the viewer wants no limit. */
  constructor(host: HTMLElement, noLimits: () => void) {
    this.#host = host;
    host.append(
      make('div', { class: 'clock-track', 'aria-hidden': 'true' }, this.#line),
      this.#text,
      make('button', { type: 'button', class: 'quiet small', onclick: () => noLimits() }, words.noTimeLimits),
    );
  }

  /** Shows the time left. @returns the whole seconds if they have changed. */
  show(leftSeconds: number, ofSeconds: number): number | undefined {
    const seconds = Math.max(0, Math.ceil(leftSeconds));
    this.#host.hidden = false;
    this.#line.style.transform = `scaleX(${Math.min(1, Math.max(0, leftSeconds / ofSeconds))})`;
    if (seconds === this.#seconds) return undefined;
    this.#seconds = seconds;
    this.#text.textContent = words.secondsLeft(seconds);
    return seconds;
  }

  hide(): void {
    this.#host.hidden = true;
    this.#seconds = undefined;
  }
}

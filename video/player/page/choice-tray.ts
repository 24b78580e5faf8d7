import type { Offer, OfferedChoice } from '../walk/offer.ts';
import { icon, make, storyWords } from './dom.ts';
import { icons } from './icons.ts';
import { questionForm, type FormActions } from './question-form.ts';
import { words } from './words.ts';

/** What the tray's buttons do. */
export interface TrayActions extends FormActions {
  readonly choose: (id: string) => void;
  readonly follow: () => void;
}

/** Tells offers apart that need other buttons. */
export function offerIdentity({ choices, form, link, window: limits }: Offer, place: string): string {
  return JSON.stringify([
    place,
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
      // Stays in the order of tabs, so that nobody wonders where it went.
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

/** A call to action: another page, in another tab, so that the film stays. */
export function drawLink(
  { label, accessibleLabel, address }: NonNullable<Offer['link']>,
  follow: () => void,
): HTMLElement {
  return make(
    'a',
    {
      class: 'call',
      href: address,
      target: '_blank',
      rel: 'noopener noreferrer',
      'aria-label': `${accessibleLabel ?? label} (${words.opensInNewTab})`,
      onclick: () => follow(),
    },
    make('span', storyWords(), label),
    icon(icons.out),
  );
}

/** The story's buttons, in page order: choices, or a question, and a link. */
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

/** Buttons over parts of the picture. */
export function drawSpots({ spots }: Offer, choose: (id: string) => void): readonly HTMLElement[] {
  return spots.map(({ choice, area }) => {
    const name = choice.accessibleLabel ?? choice.label;
    const spot = make('button', {
      type: 'button',
      class: 'spot',
      ...storyWords(),
      'aria-label': name,
      'data-choice': choice.id,
      onclick: () => choose(choice.id),
    });
    const percent = (part: number): string => `${100 * part}%`;
    // Coordinates are those of the picture, whatever the direction of the page.
    spot.style.left = percent(area.x);
    spot.style.top = percent(area.y);
    spot.style.width = percent(area.width);
    spot.style.height = percent(area.height);
    return spot;
  });
}

import type { Refusal } from '../../story/engine/take.ts';
import type { Value } from '../../story/engine/condition.ts';
import type { SessionPlayer } from '../session/session-player.ts';
import { noOffer, type Offer } from '../session/offer.ts';
import type { Announcer } from './dom.ts';
import {
  drawOffer,
  drawSpots,
  linkLabel,
  offerIdentity,
  type TrayActions,
  Countdown,
} from './choice-tray.ts';
import type { PlayerLayout } from './layout.ts';
import { words } from './words.ts';

/** Keeps the story's buttons up to date with the current offer, and keeps the focus. */
export class OfferView implements TrayActions {
  readonly #layout: PlayerLayout;
  readonly #player: SessionPlayer;
  readonly #announcer: Announcer;
  readonly #countdown: Countdown;
  /** Whether the viewer uses keys rather than a pointer. */
  readonly #usesKeys: () => boolean;
  #drawn = '';
  #drawnSpots = '';
  #focusBefore: HTMLElement | undefined;

  constructor(
    layout: PlayerLayout,
    player: SessionPlayer,
    announcer: Announcer,
    noLimits: () => void,
    usesKeys: () => boolean,
  ) {
    this.#layout = layout;
    this.#player = player;
    this.#announcer = announcer;
    this.#countdown = new Countdown(layout.clock, noLimits);
    this.#usesKeys = usesKeys;
  }

  choose(id: string): void {
    this.#player.choose(id);
  }

  answer(value: Value): Refusal | undefined {
    return this.#player.answer(value);
  }

  skip(): void {
    this.#player.skip();
  }

  follow(): void {
    this.#player.follow();
  }

  /** Draws the current offer if it has changed. */
  update(): void {
    const offer = this.#player.reading ? noOffer : this.#player.offer();
    this.#drawClock(offer);
    const step = this.#player.session.state?.path?.length ?? 0;
    const identity = offerIdentity(offer, `${this.#player.session.state?.node ?? ''} ${step}`);
    const spots = JSON.stringify([
      offer.spots.map(({ choice, area }) => [choice.id, area]),
      offer.button && [offer.button, offer.link?.address],
    ]);
    if (identity === this.#drawn && spots === this.#drawnSpots) return;
    const focus = this.#focusOf();
    if (spots !== this.#drawnSpots) {
      this.#drawnSpots = spots;
      this.#layout.spots.replaceChildren(...drawSpots(offer, this));
    }
    if (identity !== this.#drawn) this.#draw(offer, identity);
    this.#moveFocus(focus, offer.choices.length > 0 || offer.form !== undefined);
  }

  #draw(offer: Offer, identity: string): void {
    const { tray, element } = this.#layout;
    this.#drawn = identity;
    this.#player.watching?.offered(offer);
    const drawn = drawOffer(offer, this);
    const wasEmpty = tray.childElementCount === 0;
    tray.replaceChildren(...drawn);
    element.classList.toggle('is-deciding', drawn.length > 0);
    if (wasEmpty && offer.choices.length > 0) {
      const labels = offer.choices
        .filter(({ enabled }) => enabled)
        .map(({ choice }) => choice.accessibleLabel ?? choice.label);
      const { window: limits } = offer;
      const seconds = limits && Math.round((limits.toFrame - limits.fromFrame) / this.#player.view.fps);
      const timed = seconds === undefined ? '' : ` ${words.youHave(seconds)}`;
      this.#announcer.say(`${words.choicesAre(labels)}${timed}`);
    } else if (wasEmpty && offer.link !== undefined) {
      this.#announcer.say(words.linkIs(linkLabel(offer.link)));
    }
  }

  #drawClock({ window: limits }: Offer): void {
    if (limits === undefined) {
      this.#countdown.hide();
      return;
    }
    const { fps } = this.#player.view;
    const left = (limits.toFrame - this.#player.playback.nodeFrame) / fps;
    const whole = (limits.toFrame - limits.fromFrame) / fps;
    const seconds = this.#countdown.show(left, whole);
    // Sooner it would drown what can be chosen.
    if (seconds === 5 && whole > 8) this.#announcer.say(words.secondsLeft(seconds));
  }

  /** The position of the focus, if it is on a button of the story. */
  #focusOf(): { readonly choice: string | undefined } | undefined {
    const { tray, spots } = this.#layout;
    const { activeElement } = document;
    if (!(activeElement instanceof HTMLElement)) return undefined;
    if (!tray.contains(activeElement) && !spots.contains(activeElement)) return undefined;
    return { choice: activeElement.dataset.choice };
  }

  /** @param decides whether there is something to choose or to answer. */
  #moveFocus(focus: { readonly choice: string | undefined } | undefined, decides: boolean): void {
    const { tray, spots, element } = this.#layout;
    const { activeElement } = document;
    const lost = !(activeElement instanceof HTMLElement) || activeElement === document.body;
    const buttons = [...spots.children, ...tray.querySelectorAll('button, input, a')].filter(
      (each): each is HTMLElement => each instanceof HTMLElement,
    );
    if (focus !== undefined && lost) {
      const same = buttons.find(
        ({ dataset }) => dataset.choice !== undefined && dataset.choice === focus.choice,
      );
      const back = this.#focusBefore?.isConnected === true ? this.#focusBefore : element;
      (same ?? buttons[0] ?? back).focus({ preventScroll: true });
      if (buttons.length === 0) this.#focusBefore = undefined;
    } else if (decides && this.#usesKeys() && document.querySelector('dialog[open]') === null) {
      // A link is announced; what the viewer's keys do stays.
      if (focus !== undefined) return;
      this.#focusBefore = lost ? undefined : activeElement;
      buttons[0]?.focus({ preventScroll: true });
    }
  }
}

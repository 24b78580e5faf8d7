import type {
  ErasureReceipt,
  GiveConsent,
  KnownChange,
  KnownChanged,
  KnownChanges,
  KnownValue,
  KnownView,
  ShareView,
} from '../../story/engine/viewer-protocol.ts';
import { make, openDialog } from './dom.ts';
import { words, drawKnown, sayFault } from './known-values.ts';
import type { Report } from '../session/event-reporter.ts';
import type { ViewerApi } from '../session/viewer-api.ts';

const kindNames: Readonly<Record<string, string>> = words.kinds;

/** The receipt that is shown after everything was erased. */
function drawReceipt({ id, erasedAt, erased }: ErasureReceipt): HTMLElement {
  const rows: readonly (readonly [string, string])[] = [
    [words.receipt, id],
    [words.at, new Date(erasedAt).toLocaleString(document.documentElement.lang)],
    ...Object.entries(erased).flatMap(([kind, count]) =>
      count === 0 ? [] : [[kindNames[kind] ?? kind, String(count)] as const],
    ),
  ];
  return make(
    'section',
    { class: 'sorry receipt', tabindex: -1, role: 'status' },
    make('h2', {}, words.erasedTitle),
    make('p', {}, words.erased),
    make('dl', {}, ...rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)])),
  );
}

/** Events of the panel. */
export interface PrivacyEvents {
  /** The data was changed, and the film is being updated. */
  readonly changed: () => void;
  readonly report: Report;
  /** Everything was erased; the page shows the receipt instead of the film. */
  readonly erased: (receipt: HTMLElement) => void;
}

/** The dialog with the viewer's data. */
class PrivacyPanel {
  readonly #api: ViewerApi;
  readonly #events: PrivacyEvents;
  readonly #body = make('div', {}, make('p', {}, words.loading));
  readonly #status = make('p', { class: 'hint news', role: 'status' });
  readonly #dialog: HTMLDialogElement;
  #hasChanged = false;

  constructor(api: ViewerApi, events: PrivacyEvents) {
    this.#api = api;
    this.#events = events;
    this.#dialog = openDialog(words.title, 'privacy', this.#status, this.#body);
    this.#dialog.addEventListener('close', () => {
      if (this.#hasChanged) events.changed();
    });
  }

  async load(): Promise<void> {
    await this.#try(async () => this.#draw(await this.#api.send<KnownView>('GET', '/viewer/known')));
  }

  /** @returns whether it worked. */
  async #try(work: () => Promise<void>): Promise<boolean> {
    try {
      this.#status.textContent = '';
      await work();
      return true;
    } catch {
      this.#status.textContent = words.failed;
      return false;
    }
  }

  #draw(known: KnownView): void {
    this.#body.replaceChildren(
      make('p', { class: 'soft' }, words.intro),
      drawKnown(known.values, (change, value) => this.#change(change, value)),
      ...this.#drawConsents(known),
      ...this.#drawSharing(known.shared),
      make(
        'button',
        { type: 'button', class: 'quiet', onclick: () => void this.#download() },
        words.download,
      ),
      make('h3', {}, words.erasing),
      make('p', { class: 'soft' }, words.eraseHint),
      this.#drawErasing(),
    );
  }

  async #change(change: KnownChange, known: KnownValue): Promise<string | undefined> {
    let fault: string | undefined;
    const body: KnownChanges = { changes: [change] };
    const worked = await this.#try(async () => {
      const answer = await this.#api.send<KnownChanged>('POST', '/viewer/known', body);
      if (answer.outcome === 'refused') {
        fault = answer.faults.map((each) => sayFault(each, known)).join(' ');
        if (change.do !== 'correct') this.#status.textContent = fault;
        return;
      }
      this.#hasChanged = true;
      this.#events.report({ type: 'corrected' });
      this.#draw(answer.known);
      this.#focusOn(change.name);
      this.#status.textContent = words.changed;
    });
    return worked ? fault : words.failed;
  }

  /** The buttons were replaced: moves the focus to the one that took the place of the used one. */
  #focusOn(name: string): void {
    this.#body.querySelector<HTMLElement>(`[data-name="${CSS.escape(name)}"] :is(button, input)`)?.focus();
  }

  #drawConsents({ consents }: KnownView): readonly HTMLElement[] {
    if (consents.length === 0) return [];
    const rows = consents.map(({ variable, label, purpose, agreed }) => {
      const input = make('input', { type: 'checkbox', role: 'switch', checked: agreed });
      input.addEventListener('change', () => {
        const body: GiveConsent = { variable, agreed: input.checked };
        void this.#try(async () => {
          this.#draw(await this.#api.send<KnownView>('POST', '/viewer/consent', body));
          this.#hasChanged = true;
          this.#focusOn(variable);
        });
      });
      const text = make('span', {}, label, make('span', { class: 'hint purpose' }, purpose));
      return make('label', { class: 'switch', 'data-name': variable }, text, input);
    });
    return [make('h3', {}, words.consents), make('p', { class: 'soft' }, words.consentHint), ...rows];
  }

  #drawSharing(shared: boolean): readonly HTMLElement[] {
    const slot = make('div', { class: 'share' });
    const button = (label: string, hidden: boolean, onclick: () => void): HTMLElement =>
      make('button', { type: 'button', class: 'quiet', hidden, onclick }, label);
    const withdraw = button(words.unshare, !shared, () => void this.#unshare(slot, mint, withdraw));
    const mint = button(
      shared ? words.showShare : words.share,
      false,
      () => void this.#share(slot, mint, withdraw),
    );
    return [
      make('h3', {}, words.sharing),
      make('p', { class: 'soft' }, words.shareHint),
      slot,
      make('div', { class: 'row' }, mint, withdraw),
    ];
  }

  async #share(slot: HTMLElement, mint: HTMLElement, withdraw: HTMLElement): Promise<void> {
    await this.#try(async () => {
      const { url } = await this.#api.send<ShareView>('POST', '/viewer/share', {});
      this.#events.report({ type: 'shared' });
      const field = make('input', {
        type: 'text',
        readonly: true,
        value: url,
        'aria-label': words.shareLink,
      });
      const copy = (): void => {
        field.select();
        navigator.clipboard.writeText(url).then(
          () => (this.#status.textContent = words.copied),
          () => (this.#status.textContent = words.copyByHand),
        );
      };
      slot.replaceChildren(
        field,
        make('button', { type: 'button', class: 'primary small', onclick: copy }, words.copy),
      );
      mint.hidden = true;
      withdraw.hidden = false;
      field.focus();
    });
  }

  async #unshare(slot: HTMLElement, mint: HTMLElement, withdraw: HTMLElement): Promise<void> {
    await this.#try(async () => {
      await this.#api.send('DELETE', '/viewer/share');
      slot.replaceChildren();
      withdraw.hidden = true;
      mint.textContent = words.share;
      mint.hidden = false;
      mint.focus();
      this.#status.textContent = words.unshared;
    });
  }

  async #download(): Promise<void> {
    await this.#try(async () => {
      const held = await this.#api.send<unknown>('GET', '/viewer/known/export');
      const url = URL.createObjectURL(
        new Blob([JSON.stringify(held, null, 2)], { type: 'application/json' }),
      );
      make('a', { href: url, download: 'my-data.json' }).click();
      URL.revokeObjectURL(url);
    });
  }

  #drawErasing(): HTMLElement {
    const slot = make('div', { class: 'row' });
    const ask = make(
      'button',
      {
        type: 'button',
        class: 'danger',
        onclick: () => {
          slot.replaceChildren(make('p', { class: 'sure', role: 'alert' }, words.sure), erase, keep);
          keep.focus();
        },
      },
      words.erase,
    );
    const erase = make(
      'button',
      { type: 'button', class: 'danger', onclick: () => void this.#erase() },
      words.yesErase,
    );
    const keep = make(
      'button',
      {
        type: 'button',
        class: 'quiet',
        onclick: () => {
          slot.replaceChildren(ask);
          ask.focus();
        },
      },
      words.keep,
    );
    slot.append(ask);
    return slot;
  }

  async #erase(): Promise<void> {
    await this.#try(async () => {
      const receipt = await this.#api.send<ErasureReceipt>('POST', '/viewer/erase', { confirm: true });
      this.#hasChanged = false;
      this.#dialog.close();
      this.#events.erased(drawReceipt(receipt));
    });
  }
}

/** Opens the dialog with the viewer's data and its actions. */
export function openPrivacy(api: ViewerApi, events: PrivacyEvents): void {
  void new PrivacyPanel(api, events).load();
}

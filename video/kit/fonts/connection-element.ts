const tag = 'kit-connection';

/** An empty element that says when it is put into the document: React knows only of its own tree. */
export interface ConnectionElement extends HTMLElement {
  onConnect: (() => void) | undefined;
}

function define(): void {
  if (customElements.get(tag) !== undefined) return;
  class Connection extends HTMLElement implements ConnectionElement {
    onConnect: (() => void) | undefined;

    connectedCallback(): void {
      this.onConnect?.();
    }
  }
  customElements.define(tag, Connection);
}

/** A connection element that takes no room. Call in a browser only. */
export function createConnectionElement(): ConnectionElement {
  define();
  const element = document.createElement(tag) as ConnectionElement;
  element.style.display = 'none';
  return element;
}

/** What a page may load from other origins. */
export interface PageNeeds {
  /** For `style-src`: hashes of styles that the player's parts bring. */
  readonly styleSources: readonly string[];
  /** Origin of the bucket's signed addresses, if it has some. */
  readonly storeOrigin: string | undefined;
  /** Whether other sites may show it in a frame. */
  readonly embedded: boolean;
}

/** The content security policy of a viewer's page: scripts from here alone, and none within the page. */
export function pagePolicy({ styleSources, storeOrigin, embedded }: PageNeeds): string {
  const store = storeOrigin === undefined ? [] : [storeOrigin];
  const directives: Readonly<Record<string, readonly string[]>> = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", ...styleSources],
    'img-src': ["'self'", 'data:', ...store],
    'media-src': ["'self'", 'blob:', 'data:', ...store],
    'connect-src': ["'self'", ...store],
    'font-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': [embedded ? '*' : "'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}

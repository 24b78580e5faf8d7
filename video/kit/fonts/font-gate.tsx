import '@fontsource-variable/inter';
import '@fontsource-variable/manrope';
import '@fontsource-variable/noto-sans-arabic';
import '@fontsource-variable/noto-sans-hebrew';
import '@fontsource-variable/noto-sans-jp';
import '@fontsource-variable/noto-sans-kr';
import '@fontsource-variable/noto-sans-sc';
import '@fontsource-variable/noto-sans-tc';
import { useLayoutEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { cancelRender, useCurrentFrame, useDelayRender } from 'remotion';
import { familyCovers, fontStack, isInvisible, isVariationSelector } from './coverage.ts';
import { bundledFamilies } from './system-fonts.tsx';
import './noto-color-emoji.css';
import './noto-scripts.css';

/** Text with one CSS font, which must be decoded before a frame is captured. */
interface FontUse {
  /** CSS `font-family`: family names in order, quoted or not. */
  readonly fontFamily: string;
  readonly weight: string;
  readonly style: string;
  readonly text: string;
}

const loaded = new Set<string>();
const listeners = new Set<() => void>();
let version = 0;

/** Increases whenever faces were loaded, so that texts are measured again. */
const fontVersion = (): number => version;

function onFontVersion(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Makes all components that measure text measure again. */
function bumpFontVersion(): void {
  version += 1;
  for (const listener of listeners) listener();
}

/** Changes when more faces were decoded; components that measure text depend on it. */
export const useFontVersion = (): number => useSyncExternalStore(onFontVersion, fontVersion);

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const codePointsOf = (text: string): readonly number[] =>
  [...text].map((letter) => letter.codePointAt(0) ?? 0);

/**
 * The family that the browser picks for a grapheme: the first that has all of its code points. A family that the
 * kit does not know (a brand's own) may draw it, so it is loaded too. A variant of a character comes from the first
 * family that has the variant, which only the browser can know, so all that have the character are loaded.
 */
function drawingFamilies(grapheme: string, families: readonly string[]): readonly string[] {
  const all = codePointsOf(grapheme);
  const codePoints = all.filter((codePoint) => !isInvisible(codePoint));
  const isVariant = all.some(isVariationSelector);
  const wanted: string[] = [];
  for (const family of families) {
    const covers = codePoints.map((codePoint) => familyCovers(family, codePoint));
    if (!covers.includes(undefined) && !covers.every(Boolean)) continue;
    wanted.push(family);
    if (!covers.includes(undefined) && !isVariant) break;
  }
  return wanted;
}

/** Whether a face of a family that the kit does not know is declared for a code point. */
function isDeclared(family: string, codePoint: number): boolean {
  for (const face of document.fonts) {
    if (face.family.replaceAll(/["']/g, '') !== family) continue;
    const ranges = face.unicodeRange.split(',').map((range) => {
      const [first = '', last = first] = range.trim().slice(2).split('-');
      return [Number.parseInt(first, 16), Number.parseInt(last, 16)] as const;
    });
    if (ranges.some(([first, last]) => codePoint >= first && codePoint <= last)) return true;
  }
  return false;
}

/** @throws Error naming the first character that none of the families can draw: a system font would, or a box. */
function assertDrawable(text: string, families: readonly string[]): void {
  for (const codePoint of codePointsOf(text)) {
    const drawn =
      isInvisible(codePoint) ||
      families.some((family) => familyCovers(family, codePoint) ?? isDeclared(family, codePoint));
    if (drawn) continue;
    const name = `“${String.fromCodePoint(codePoint)}” (U+${codePoint.toString(16).toUpperCase().padStart(4, '0')})`;
    throw new Error(
      `No bundled font draws ${name}. Write the text with other characters, or add a font for it to the template.`,
    );
  }
}

const keyOf = (use: FontUse, family: string, text: string): string =>
  `${family}|${use.weight}|${use.style}|${text}`;

const familiesOf = (fontFamily: string): readonly string[] =>
  fontFamily.split(',').map((family) => family.trim().replaceAll(/["']/g, ''));

interface Face {
  readonly shorthand: string;
  readonly family: string;
  text: string;
}

/** Faces that the uses need and that are not loaded yet. @throws Error for a text that no face can draw. */
function missingFaces(uses: readonly FontUse[]): {
  readonly faces: readonly Face[];
  readonly keys: readonly string[];
} {
  const faces = new Map<string, Face>();
  const keys: string[] = [];
  for (const use of uses) {
    const whole = keyOf(use, use.fontFamily, use.text);
    if (loaded.has(whole)) continue;
    keys.push(whole);
    const families = familiesOf(use.fontFamily);
    assertDrawable(use.text, families);
    for (const { segment } of graphemes.segment(use.text)) {
      for (const family of drawingFamilies(segment, families)) {
        const key = keyOf(use, family, segment);
        if (loaded.has(key)) continue;
        keys.push(key);
        const shorthand = `${use.style} ${use.weight} 48px "${family}"`;
        const face = faces.get(shorthand) ?? { shorthand, family, text: '' };
        face.text += segment;
        faces.set(shorthand, face);
      }
    }
  }
  return { faces: [...faces.values()], keys };
}

function assertDeclared(family: string): void {
  for (const face of document.fonts) {
    if (face.family.replaceAll(/["']/g, '') === family) return;
  }
  throw new Error(
    `No @font-face declares the family "${family}". Import its style sheet and set text with fontStack().`,
  );
}

/**
 * Decodes the faces for these texts.
 *
 * @returns `undefined` if all of them are loaded already, so that a frame need not wait.
 * The promise rejects if a family is not declared or its file cannot be read.
 * @throws Error for a text that no family can draw.
 */
function loadFaces(uses: readonly FontUse[]): Promise<void> | undefined {
  const { faces, keys } = missingFaces(uses);
  if (faces.length === 0) {
    for (const key of keys) loaded.add(key);
    return undefined;
  }
  const load = async (): Promise<void> => {
    await Promise.all(
      faces.map(async ({ shorthand, family, text }) => {
        assertDeclared(family);
        await document.fonts.load(shorthand, text).catch((cause: unknown) => {
          throw new Error(`The font "${family}" could not be loaded.`, { cause });
        });
      }),
    );
    for (const key of keys) loaded.add(key);
    bumpFontVersion();
  };
  return load();
}

const tag = 'kit-connection';

/** An empty element that reports when it is added to the document, which React does not. */
interface ConnectionElement extends HTMLElement {
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

/** Creates a connection element, which takes no space. Browser only. */
function createConnectionElement(): ConnectionElement {
  define();
  const element = document.createElement(tag) as ConnectionElement;
  element.style.display = 'none';
  return element;
}

/** All texts inside an element, with their fonts. */
function fontUses(root: HTMLElement): readonly FontUse[] {
  const uses: FontUse[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.nodeValue ?? '';
    const parent = walker.currentNode.parentElement;
    if (parent === null || text.trim() === '') continue;
    const { fontFamily: own, fontWeight, fontStyle } = getComputedStyle(parent);
    const bundled = bundledFamilies(parent, familiesOf(own));
    if (bundled !== undefined) parent.style.setProperty('font-family', bundled, 'important');
    uses.push({ fontFamily: bundled ?? own, weight: fontWeight, style: fontStyle, text });
  }
  return uses;
}

/**
 * Delays each frame until the faces for all of its text are decoded. A face that cannot be loaded fails the render
 * with its name, and so does a character that no face can draw.
 */
export function FontGate({ children }: { readonly children: ReactNode }) {
  useCurrentFrame();
  const { delayRender, continueRender } = useDelayRender();
  const root = useRef<HTMLDivElement>(null);
  const pending = useRef(new Set<number>());
  const settled = useRef<number[]>([]);
  const [, redraw] = useState(0);

  const release = (handle: number): void => {
    if (pending.current.delete(handle)) continueRender(handle);
  };

  useLayoutEffect(() => {
    // Children have measured their text with the new faces only after the redraw.
    for (const handle of settled.current.splice(0)) release(handle);
    if (root.current === null || !root.current.isConnected) return;
    let loading: Promise<void> | undefined;
    try {
      loading = loadFaces(fontUses(root.current));
    } catch (error) {
      cancelRender(error);
    }
    if (loading === undefined) return;
    const handle = delayRender('Decoding fonts');
    pending.current.add(handle);
    loading.then(
      () => {
        settled.current.push(handle);
        redraw((count) => count + 1);
      },
      (error: unknown) => cancelRender(error),
    );
  });

  // Remotion may render a composition before adding it to the document, when nothing has a size or a font yet:
  // then everything is measured and loaded as soon as it is added.
  useLayoutEffect(() => {
    const connection = createConnectionElement();
    root.current?.append(connection);
    connection.onConnect = () => {
      const handle = delayRender('Measuring text');
      pending.current.add(handle);
      settled.current.push(handle);
      bumpFontVersion();
      redraw((count) => count + 1);
    };
    return () => {
      connection.onConnect = undefined;
      connection.remove();
    };
  }, [delayRender]);

  useLayoutEffect(() => {
    const handles = pending.current;
    return () => {
      for (const handle of handles) continueRender(handle);
      handles.clear();
    };
  }, [continueRender]);

  return (
    <div
      ref={root}
      style={{
        position: 'absolute',
        inset: 0,
        textRendering: 'geometricPrecision',
        fontFamily: fontStack('Inter Variable', 'en'),
      }}
    >
      {children}
    </div>
  );
}

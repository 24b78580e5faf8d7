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
import { familyCovers, fontStack } from './coverage.ts';
import './noto-color-emoji.css';

/** Text that is drawn with one CSS font: what has to be decoded before a frame is captured. */
interface FontUse {
  /** As CSS has it: family names in order, quoted or not. */
  readonly fontFamily: string;
  readonly weight: string;
  readonly style: string;
  readonly text: string;
}

const loaded = new Set<string>();
const listeners = new Set<() => void>();
let version = 0;

/** Grows whenever faces were loaded, so that what was measured before is measured again. */
const fontVersion = (): number => version;

function onFontVersion(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Makes everyone who measures text measure again. */
function bumpFontVersion(): void {
  version += 1;
  for (const listener of listeners) listener();
}

/** Changes when more faces were decoded: everyone who measures text depends on it. */
export const useFontVersion = (): number => useSyncExternalStore(onFontVersion, fontVersion);

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const joiners = /[\u200c\u200d\ufe00-\ufe0f\s]/gu;

/**
 * The family that draws a grapheme, as the browser picks it: the first that has all of its letters.
 * A family that the kit does not know (a brand's own) may or may not draw it, so it is wanted too.
 */
function drawingFamilies(grapheme: string, families: readonly string[]): readonly string[] {
  const codePoints = [...grapheme.replace(joiners, '')].map((letter) => letter.codePointAt(0) ?? 0);
  const wanted: string[] = [];
  for (const family of families) {
    const covers = codePoints.map((codePoint) => familyCovers(family, codePoint));
    if (covers.includes(undefined)) wanted.push(family);
    else if (covers.every(Boolean)) return [...wanted, family];
  }
  return wanted;
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

/** Faces that the uses need and that are not loaded yet. */
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
 * Decodes the faces that draw these texts.
 *
 * @returns `undefined` when all of them are there already, so that a frame need not wait.
 * The promise rejects when a family is not declared or its file cannot be read.
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

/** An empty element that says when it is put into the document: React knows only of its own tree. */
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

/** A connection element that takes no room. Call in a browser only. */
function createConnectionElement(): ConnectionElement {
  define();
  const element = document.createElement(tag) as ConnectionElement;
  element.style.display = 'none';
  return element;
}

/** Every text below an element with the font it is set in. */
function fontUses(root: HTMLElement): readonly FontUse[] {
  const uses: FontUse[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.nodeValue ?? '';
    const parent = walker.currentNode.parentElement;
    if (parent === null || text.trim() === '') continue;
    const { fontFamily, fontWeight, fontStyle } = getComputedStyle(parent);
    uses.push({ fontFamily, weight: fontWeight, style: fontStyle, text });
  }
  return uses;
}

/**
 * Holds each frame back until the faces that draw its text are decoded, whoever set the text. A face
 * that cannot be had ends the render with its name.
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
    // Only after the redraw with the new faces have children measured their text with them.
    for (const handle of settled.current.splice(0)) release(handle);
    if (root.current === null || !root.current.isConnected) return;
    const loading = loadFaces(fontUses(root.current));
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

  // Remotion may draw a composition before it puts it into the document, where nothing has a size or
  // a font yet: then all is measured and loaded in the moment in which it gets there.
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

import { useLayoutEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { cancelRender, useCurrentFrame, useDelayRender } from 'remotion';
import { createConnectionElement } from './connection-element.ts';
import './faces.ts';
import { fontStack } from './font-stack.ts';
import { bumpFontVersion, fontVersion, loadFaces, onFontVersion, type FontUse } from './load-faces.ts';

/** Changes when more faces were decoded: whoever measures text depends on it. */
export const useFontVersion = (): number => useSyncExternalStore(onFontVersion, fontVersion);

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

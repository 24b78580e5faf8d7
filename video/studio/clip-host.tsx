import type { ComponentType, ReactNode } from 'react';
import { AbsoluteFill } from 'remotion';
import { FontGate } from '../kit/fonts/font-gate.tsx';
import { ImagesProvider, type Images } from '../kit/photo.tsx';
import type { Format } from '../story/format.ts';

/** Props of a clip composition: the scene's inputs, the pixels of their images, the format. */
export interface ClipProps extends Record<string, unknown> {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** `data:` URLs by hash. */
  readonly images: Images;
  readonly format: Format;
}

/** Provides images and fonts to scenes. Its code is part of every clip key, because it affects every frame. */
export function ClipHost({ images, children }: { readonly images: Images; readonly children: ReactNode }) {
  return (
    <AbsoluteFill>
      <ImagesProvider value={images}>
        <FontGate>{children}</FontGate>
      </ImagesProvider>
    </AbsoluteFill>
  );
}

/** The component of a clip composition: the scene with its inputs and nothing else. */
export function hostScene(Scene: ComponentType<Record<string, unknown>>): ComponentType<ClipProps> {
  return function Clip({ inputs, images }: ClipProps) {
    return (
      <ClipHost images={images}>
        <Scene {...inputs} />
      </ClipHost>
    );
  };
}

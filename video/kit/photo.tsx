import { createContext, useContext, type CSSProperties } from 'react';
import { getRemotionEnvironment, Img } from 'remotion';
import type { ImageInput } from '../story/scene.ts';
import { initialsOf } from './script.ts';
import { PersonText } from './text.tsx';

/** `data:` URLs of stored images, by hash. */
export type Images = Readonly<Record<string, string>>;

const ImagesContext = createContext<Images>({});

export const ImagesProvider = ImagesContext.Provider;

export const useImages = (): Images => useContext(ImagesContext);

interface PhotoProps {
  readonly image: ImageInput;
  /** The person's name: its initials are drawn if there is no photo. */
  readonly name: string;
  /** Width and height in pixels. */
  readonly size: number;
  readonly radius?: number | string;
  /** CSS background of the initials, and their colour. */
  readonly background: string;
  readonly color: string;
  readonly weight?: number;
  readonly face?: string;
  /** CSS `object-position`: the part to keep when cropping. Faces are usually above the middle. */
  readonly focus?: string;
  readonly style?: CSSProperties;
}

function Missing({ hash, size }: { readonly hash: string; readonly size: number }) {
  return (
    <div
      style={{
        width: '100%',
        height: '100%',
        display: 'grid',
        placeItems: 'center',
        background: 'repeating-linear-gradient(45deg, #ff00a8 0 12px, #1a1a1a 12px 24px)',
        color: 'white',
        font: `700 ${size / 12}px 'Inter Variable'`,
      }}
    >
      <span style={{ background: '#1a1a1a', padding: '0.3em 0.6em' }}>no image {hash.slice(0, 6)}</span>
    </div>
  );
}

/**
 * A person's photo, or their initials if it is absent. A stored image that was not passed to the render shows a
 * conspicuous placeholder in Studio and fails a render.
 */
export function Photo({
  image,
  name,
  size,
  radius = '50%',
  background,
  color,
  weight = 700,
  face,
  focus = '50% 50%',
  style,
}: PhotoProps) {
  const images = useImages();
  const frame: CSSProperties = {
    width: size,
    height: size,
    borderRadius: radius,
    overflow: 'hidden',
    ...style,
  };
  if (image.kind === 'absent') {
    const initials = initialsOf(name);
    return (
      <div style={{ ...frame, display: 'grid', placeItems: 'center', background, color }}>
        <PersonText
          {...(face === undefined ? {} : { face })}
          style={{ fontWeight: weight, fontSize: size * (initials.length > 1 ? 0.38 : 0.46), lineHeight: 1 }}
        >
          {initials}
        </PersonText>
      </div>
    );
  }
  const source = images[image.hash];
  if (source === undefined) {
    if (!getRemotionEnvironment().isStudio)
      throw new Error('An image of the inputs was not passed to the render.');
    return (
      <div style={frame}>
        <Missing hash={image.hash} size={size} />
      </div>
    );
  }
  return (
    <div style={frame}>
      <Img
        src={source}
        style={{ width: '100%', height: '100%', objectFit: 'cover', objectPosition: focus, display: 'block' }}
      />
    </div>
  );
}

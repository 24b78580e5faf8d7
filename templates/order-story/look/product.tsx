import { Photo } from 'bespoke/kit';
import type { ImageInput } from 'bespoke/template';
import { brand } from '../brand.ts';

/** A product, or the first letters of its name where there is no picture of it. */
export function Product({
  picture,
  name,
  size,
  ground,
}: {
  readonly picture: ImageInput;
  readonly name: string;
  /** Pixels. */
  readonly size: number;
  /** Behind letters. */
  readonly ground: string;
}) {
  return (
    <Photo
      image={picture}
      name={name}
      size={size}
      radius={picture.kind === 'absent' ? '50%' : '6%'}
      background={ground}
      color={brand.ink}
      weight={560}
      face={brand.displayFace}
    />
  );
}

import type { z } from 'zod';
import { brand } from '../brand.ts';
import { openingWords } from '../copy.ts';
import { Footage } from '../look/footage.tsx';
import { Stage, Window } from '../look/stage.tsx';
import { Arrive, Column, Headline, StoreMark } from '../look/type.tsx';
import type { opening } from '../scenes.ts';

/** A parcel opens. */
export function Opening({ store, accent }: z.infer<(typeof opening)['inputs']>) {
  return (
    <Stage>
      <Window ground={brand.quiet}>
        <Footage file="opening.mp4" />
      </Window>
      <Column gap={4}>
        <Arrive at={10}>
          <StoreMark store={store} accent={accent} />
        </Arrive>
        <Arrive at={30}>
          <Headline>{openingWords}</Headline>
        </Arrive>
      </Column>
    </Stage>
  );
}

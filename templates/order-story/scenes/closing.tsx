import type { z } from 'zod';
import { brand, readableOn } from '../brand.ts';
import { closingButton } from '../button.ts';
import { closingWords } from '../copy.ts';
import { Footage } from '../look/footage.tsx';
import { placeOf, Stage, usePlane, Window } from '../look/stage.tsx';
import { Arrive, Headline, Line, StoreMark, Words } from '../look/type.tsx';
import type { closing } from '../scenes.ts';

/** The parcel closes, and can be followed. */
export function Closing({ store, accent, words }: z.infer<(typeof closing)['inputs']>) {
  const { unit, isTall, line, words: place } = usePlane();
  const button = closingButton[isTall ? '9:16' : '16:9'];
  const above = { ...place, height: button.y - place.y - (isTall ? 3 : 5) };
  return (
    <Stage>
      <Window ground={brand.quiet}>
        <Footage file="closing.mp4" />
      </Window>
      <div
        style={{
          ...placeOf(above, unit),
          display: 'flex',
          flexDirection: 'column',
          justifyContent: isTall ? 'flex-start' : 'flex-end',
          gap: (isTall ? 2 : 3) * unit,
        }}
      >
        <Arrive at={8}>
          <StoreMark store={store} accent={accent} />
        </Arrive>
        <Arrive at={14}>
          <Headline lines={isTall ? 1 : 2}>{closingWords.before}</Headline>
        </Arrive>
        <Arrive at={24}>
          <Line fromRecord>{words}</Line>
        </Arrive>
      </div>
      <div style={placeOf(button, unit)}>
        <Arrive at={28}>
          <div
            style={{
              width: button.width * unit,
              height: button.height * unit,
              borderRadius: (button.height / 2) * unit,
              background: accent,
              display: 'grid',
              placeItems: 'center',
            }}
          >
            <Words
              width={button.width - 6}
              size={line}
              lines={1}
              weight={700}
              align="center"
              color={readableOn(accent)}
            >
              {closingWords.button}
            </Words>
          </div>
        </Arrive>
      </div>
    </Stage>
  );
}

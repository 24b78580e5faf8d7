import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { directionOf, type FrameLayout, mix, Photo, ramp, useFormat } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { Stage } from '../look/stage.tsx';
import type { Rect } from '../look/strips.tsx';
import { Headline, Note, Words } from '../look/type.tsx';
import type { greeting } from '../scenes.ts';

interface GreetingLook {
  readonly photo: Rect;
  readonly text: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly hello: number;
  readonly name: number;
  readonly note: number;
}

/** Photo by columns of the seam's grid, text inside the safe margins beside or below it. */
function lookOf({ format, width, height, safe, inner }: FrameLayout): GreetingLook {
  switch (format) {
    case '16:9': {
      const photo = { x: (width / 12) * 7, y: 0, width: (width / 12) * 5, height };
      return {
        photo,
        text: { x: safe.left, y: safe.top, width: photo.x - safe.left - 80, height: inner.height },
        hello: 92,
        name: 236,
        note: 38,
      };
    }
    case '9:16': {
      const photo = { x: 0, y: 0, width, height: 1080 };
      return {
        photo,
        text: { x: safe.left, y: 1120, width: inner.width, height: height - safe.bottom - 1120 },
        hello: 80,
        name: 220,
        note: 40,
      };
    }
    case '1:1': {
      const photo = { x: (width / 12) * 5, y: 0, width: (width / 12) * 7, height: 600 };
      return {
        photo,
        text: { x: safe.left, y: 600 - 92, width: inner.width, height: height - safe.bottom - 600 + 92 },
        hello: 84,
        name: 220,
        note: 34,
      };
    }
    default:
      return format satisfies never;
  }
}

/** The person's name and photo. A right-to-left name mirrors the whole layout. */
export function Greeting({ firstName, photo, locale }: z.infer<(typeof greeting)['inputs']>) {
  const frame = useCurrentFrame();
  const layout = useFormat();
  const look = lookOf(layout);
  const mirrored = directionOf(firstName) === 'rtl';
  const align = mirrored ? 'right' : 'left';
  const flip = ({ x, width }: { readonly x: number; readonly width: number }): number =>
    mirrored ? layout.width - x - width : x;
  const zoom = mix(1.09, 1.02, ramp(frame, 0, 72, 'gentle'));
  const narrow = layout.format === '1:1' ? layout.width / 3 : look.text.width;
  const { height } = look.text;
  const spare = look.hello * 1.2 + look.note * 1.4 + 60;

  return (
    <Stage ground={brand.colors.paper} locale={locale}>
      <div
        style={{
          position: 'absolute',
          left: flip(look.photo),
          top: 0,
          width: look.photo.width,
          height: look.photo.height,
          overflow: 'hidden',
          background: brand.colors.companion,
        }}
      >
        <div style={{ transform: `scale(${zoom.toFixed(4)})`, transformOrigin: '50% 40%' }}>
          <Photo
            image={photo}
            name={firstName}
            size={Math.min(look.photo.width, look.photo.height)}
            radius={0}
            background={brand.colors.companion}
            color={brand.colors.ink}
            weight={560}
            face={brand.display}
            focus="50% 28%"
            style={{ width: look.photo.width, height: look.photo.height }}
          />
        </div>
      </div>
      <div
        style={{
          position: 'absolute',
          left: flip(look.text),
          top: look.text.y,
          width: look.text.width,
          height,
          display: 'flex',
          flexDirection: 'column',
          justifyContent: layout.format === '1:1' ? 'flex-start' : 'center',
        }}
      >
        <div style={{ display: 'flex', justifyContent: mirrored ? 'flex-end' : 'flex-start' }}>
          <Headline
            at={7}
            width={narrow}
            size={look.hello}
            color={brand.colors.quietOnPaper}
            italic
            weight={480}
            align={align}
          >
            Hello,
          </Headline>
        </div>
        <div style={{ height: 10 }} />
        <Words
          at={11}
          width={look.text.width}
          height={height - spare}
          size={look.name}
          color={brand.colors.ink}
          align={align}
        >
          {firstName}
        </Words>
        <div style={{ height: 34 }} />
        <Note
          at={22}
          width={look.text.width}
          size={look.note}
          color={brand.colors.quietOnPaper}
          align={align}
        >
          Twelve months, and every one of them yours.
        </Note>
      </div>
    </Stage>
  );
}

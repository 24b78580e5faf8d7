import type { z } from 'zod';
import { Photo } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { greetingWords } from '../copy.ts';
import { roomView, shiftTo, usePlane } from '../look/camera.ts';
import { grounds, Panel } from '../look/panel.tsx';
import { frameOnWall } from '../look/rooms.tsx';
import { Stage, useOpen, useStay } from '../look/stage.tsx';
import { Deal, Words } from '../look/type.tsx';
import type { greeting } from '../scenes.ts';

const sizes = { '16:9': { before: 6, name: 19 }, '9:16': { before: 7, name: 21 } } as const;

/** The person's photo on the lounge's wall, in place of the sprig. */
export function Greeting({ firstName, photo, locale }: z.infer<(typeof greeting)['inputs']>) {
  const plane = usePlane();
  const { plan, unit, words, format } = plane;
  const { lounge } = plan.rooms;
  const view = roomView(plane, 'lounge');
  const shift = shiftTo(view, useOpen());
  const hung = useStay(22, 14);
  const size = sizes[format];
  const colors = grounds.power;
  const inner = frameOnWall.width - 1.2;
  const at = (value: number, move: number): number => (value * shift.scale + move) * unit;
  return (
    <Stage locale={locale} view={view} state={{ emptyFrame: hung > 0.5 }}>
      {hung > 0.5 ? (
        <div
          style={{
            position: 'absolute',
            left: at(lounge.x + frameOnWall.x + 0.6, shift.x),
            top: at(lounge.y + frameOnWall.y + 0.6, shift.y),
            transform: `scaleX(${(hung * 2 - 1).toFixed(4)})`,
          }}
        >
          <Photo
            image={photo}
            name={firstName}
            size={inner * shift.scale * unit}
            radius={0}
            background={brand.colors.warm}
            color={brand.colors.ink}
            weight={800}
            face={brand.face}
          />
        </div>
      ) : null}
      <Panel ground="power">
        <Deal at={12}>
          <Words width={words.width} size={size.before} weight={600} color={colors.words} lines={1}>
            {`${greetingWords.before},`}
          </Words>
        </Deal>
        <Deal at={16}>
          <Words
            width={words.width}
            height={words.height * 0.5}
            size={size.name}
            shrink={0.42}
            lines={3}
            color={colors.words}
            fromRecord
          >
            {firstName}
          </Words>
        </Deal>
        <Deal at={34}>
          <Words width={words.width} size={size.before * 0.76} weight={500} color={colors.quiet} lines={3}>
            {greetingWords.after}
          </Words>
        </Deal>
      </Panel>
    </Stage>
  );
}

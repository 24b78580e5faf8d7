import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { ramp } from 'bespoke/kit';
import { formatNumber, localeDirection, monthName } from 'bespoke/template';
import { brand, palettes } from '../brand.ts';
import { isMonth, personalWords } from '../copy.ts';
import { usePlane } from '../look/layout.ts';
import { Canvas, Stage, useStay } from '../look/stage.tsx';
import { Arrive, Column, Words } from '../look/type.tsx';
import type { personal } from '../scenes.ts';

/** A day's position in its month: column 0 is Monday, row 0 the first week. */
export interface DayPlace {
  readonly day: number;
  readonly column: number;
  readonly row: number;
}

/** A day's position in a week that starts on Monday. @param iso `YYYY-MM-DD` */
const weekdayOf = (iso: string): number => (new Date(`${iso}T00:00:00Z`).getUTCDay() + 6) % 7;

/** Every day of the month that a date lies in. @param iso `YYYY-MM-DD` */
export function monthGrid(iso: string): { readonly days: readonly DayPlace[]; readonly today: DayPlace } {
  const [year = 0, month = 1, date = 1] = iso.split('-').map(Number);
  const offset = weekdayOf(`${iso.slice(0, 7)}-01`);
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const place = (day: number): DayPlace => ({
    day,
    column: (day - 1 + offset) % 7,
    row: Math.floor((day - 1 + offset) / 7),
  });
  return { days: Array.from({ length: count }, (_, index) => place(index + 1)), today: place(date) };
}

/** In units: the column of words, sizes of type, and the calendar's first day, pitch and dots. */
const looks = {
  '16:9': {
    words: { x: 11, y: 10, width: 84, height: 80 },
    name: { size: 24, height: 42, lines: 3 },
    before: 5.2,
    date: 8,
    grid: { x: 106, y: 23, across: 10, down: 10.8, dot: 2.3, sun: 6.6 },
  },
  '9:16': {
    words: { x: 8, y: 24, width: 84, height: 58 },
    name: { size: 26, height: 36, lines: 3 },
    before: 5.8,
    date: 8.6,
    grid: { x: 12, y: 92, across: 12.4, down: 10.1, dot: 2.4, sun: 6 },
  },
  '1:1': {
    words: { x: 7, y: 8, width: 86, height: 42 },
    name: { size: 19, height: 23, lines: 3 },
    before: 4.6,
    date: 7,
    grid: { x: 13, y: 56, across: 12.3, down: 7.4, dot: 1.8, sun: 4.5 },
  },
} as const;

/** How much larger the sun of a whole month is. */
const monthSun = 1.5;

/** A person's name, and their renewal date as a day in its month that the sun settles on; a month alone is the sun. */
export function Personal({ firstName, renewalDate, segment, locale }: z.infer<(typeof personal)['inputs']>) {
  const frame = useCurrentFrame();
  const { format, unit } = usePlane();
  const colors = palettes[segment];
  const { words, name, before, date, grid } = looks[format];
  const text = personalWords(segment, renewalDate, locale);
  const whole = isMonth(renewalDate);
  const { days, today } = monthGrid(whole ? `${renewalDate}-01` : renewalDate);
  const mirrored = localeDirection(locale) === 'rtl';
  const spot = ({ column, row }: DayPlace) => ({
    x: grid.x + (mirrored ? 6 - column : column) * grid.across,
    y: grid.y + row * grid.down,
  });
  // A month has no day to settle on: the sun stands in the middle of its weeks.
  const middle = { x: grid.x + 3 * grid.across, y: grid.y + 2 * grid.down };
  const sun = whole ? { ...middle, r: grid.sun * monthSun } : { ...spot(today), r: grid.sun };
  const leaving = useStay(0, 1);
  const ring = ramp(frame, 20, 22, 'out');
  const box = sun.r * 1.3;
  return (
    <Stage
      ground={colors.page}
      locale={locale}
      sun={sun}
      behind={
        <Canvas>
          {days.map((place) => {
            const shown = ramp(frame, 5 + (place.column + place.row) * 1.2, 14) * leaving;
            const isPast = !whole && place.day < today.day;
            const size = grid.dot * (isPast ? 1 : 0.7) * shown;
            const { x, y } = spot(place);
            const isHidden = whole
              ? Math.hypot(x - sun.x, y - sun.y) < sun.r * 1.25 + grid.dot
              : place.day === today.day;
            return isHidden ? null : (
              <circle
                key={place.day}
                cx={x}
                cy={y}
                r={size.toFixed(3)}
                fill={isPast ? colors.quietOnPage : colors.dots}
              />
            );
          })}
          <circle
            cx={sun.x}
            cy={sun.y}
            r={(sun.r * (1 + ring * 0.25)).toFixed(3)}
            fill="none"
            stroke={brand.sun}
            strokeWidth={(0.9 * (1 - ring * 0.4)).toFixed(3)}
            opacity={ring > 0 ? leaving : 0}
          />
        </Canvas>
      }
    >
      <Column {...words} justify={format === '16:9' ? 'center' : 'flex-start'} gap={before * 0.55}>
        <Arrive at={7}>
          <Words
            width={words.width}
            height={name.height}
            size={name.size}
            lines={name.lines}
            color={colors.onPage}
            fromRecord
          >
            {firstName}
          </Words>
        </Arrive>
        <Arrive at={11}>
          <Words width={words.width} size={before} weight={600} color={colors.quietOnPage}>
            {text.before}
          </Words>
        </Arrive>
        <Arrive at={14}>
          <Words width={words.width} size={date} lines={2} color={colors.onPage} fromRecord>
            {text.date}
          </Words>
        </Arrive>
      </Column>
      <div
        style={{
          position: 'absolute',
          left: (sun.x - box / 2) * unit,
          top: (sun.y - box / 2) * unit,
          width: box * unit,
          height: box * unit,
          display: 'flex',
          alignItems: 'center',
          opacity: ramp(frame, 17, 8, 'gentle') * leaving,
        }}
      >
        <Words
          width={box}
          size={sun.r * (whole ? 0.5 : 0.92)}
          color={brand.onSun}
          align="center"
          lines={1}
          fromRecord
        >
          {whole
            ? monthName(Number(renewalDate.slice(5)) - 1, locale, 'short')
            : formatNumber(today.day, locale)}
        </Words>
      </div>
    </Stage>
  );
}

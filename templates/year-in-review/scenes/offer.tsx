import type { ReactNode } from 'react';
import { useCurrentFrame } from 'remotion';
import type { z } from 'zod';
import { mix, ramp, useFormat } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { Stage } from '../look/stage.tsx';
import { stripColors } from '../look/strips.tsx';
import { Headline, Note } from '../look/type.tsx';
import { offerFor } from '../offers.ts';
import type { offer } from '../scenes.ts';

const notches = 12;

/** A ticket's outline with twelve notches along its left and right edge, as an SVG path. */
function outline(width: number, height: number): string {
  const pitch = height / notches;
  const radius = pitch * 0.26;
  const right = Array.from({ length: notches }, (_, index) => {
    const middle = (index + 0.5) * pitch;
    return `V${middle - radius}A${radius} ${radius} 0 0 0 ${width} ${middle + radius}`;
  });
  const left = Array.from({ length: notches }, (_, index) => {
    const middle = height - (index + 0.5) * pitch;
    return `V${middle + radius}A${radius} ${radius} 0 0 0 0 ${middle - radius}`;
  });
  return `M0 0H${width}${right.join('')}V${height}H0${left.join('')}V0Z`;
}

/** A paper ticket with content inside. */
function Ticket({
  width,
  height,
  color,
  children,
}: {
  readonly width: number;
  readonly height: number;
  readonly color: string;
  readonly children: ReactNode;
}) {
  return (
    <div style={{ position: 'relative', width, height }}>
      <svg width={width} height={height} style={{ position: 'absolute', inset: 0 }}>
        <path d={outline(width, height)} fill={color} />
      </svg>
      <div style={{ position: 'absolute', inset: 0 }}>{children}</div>
    </div>
  );
}

/** Heights of the ticket's bars, of its own height. */
const bars = [0.03, 0.045, 0.04, 0.06, 0.055, 0.08, 0.07, 0.1, 0.09, 0.12, 0.11, 0.15];

/** Twelve bars that grow along the ticket's lower edge from a frame on. */
function TicketBars({
  width,
  height,
  at,
}: {
  readonly width: number;
  readonly height: number;
  readonly at: number;
}) {
  const frame = useCurrentFrame();
  const inset = width * 0.1;
  const pitch = (width - 2 * inset) / 11.7;
  return (
    <svg width={width} height={height} style={{ position: 'absolute', inset: 0 }}>
      {bars.map((bar, index) => {
        const tall = height * bar * ramp(frame, at + index * 1.5, 20);
        return (
          <rect
            key={index}
            x={inset + index * pitch}
            y={height - tall}
            width={pitch * 0.7}
            height={tall}
            fill={stripColors[index]}
          />
        );
      })}
    </svg>
  );
}

const looks = {
  '16:9': { ticket: { width: 860, height: 760 }, thanks: 136, amount: 190, what: 80, detail: 36, lines: 3 },
  '9:16': { ticket: { width: 907, height: 840 }, thanks: 160, amount: 210, what: 84, detail: 40, lines: 3 },
  '1:1': { ticket: { width: 929, height: 590 }, thanks: 112, amount: 160, what: 64, detail: 32, lines: 2 },
} as const;

/** The thank-you and the offer of a plan and a tenure band. */
export function OfferScene({ plan, tenureBand }: z.infer<(typeof offer)['inputs']>) {
  const frame = useCurrentFrame();
  const { format, width, height, safe, inner } = useFormat();
  const { ticket, thanks, amount, what, detail, lines } = looks[format];
  const words = offerFor(plan, tenureBand);
  const beside = format === '16:9';
  const thanksWidth = beside ? inner.width - ticket.width - 90 : inner.width;
  const pad = ticket.width * 0.1;
  const textWidth = ticket.width - 2 * pad;
  const arrived = ramp(frame, 28, 30, 'out');
  const top = beside ? (height - ticket.height) / 2 : height - safe.bottom - ticket.height;
  return (
    <Stage ground={brand.colors.ink}>
      <div
        style={{
          position: 'absolute',
          left: safe.left,
          top: safe.top,
          width: thanksWidth,
          height: beside ? inner.height : top - safe.top,
          display: 'flex',
          alignItems: beside ? 'center' : 'flex-start',
        }}
      >
        <Headline
          at={10}
          width={thanksWidth}
          size={thanks}
          color={brand.colors.paper}
          italic
          weight={480}
          maxLines={lines}
        >
          {words.thanks}
        </Headline>
      </div>
      <div
        style={{
          position: 'absolute',
          left: width - safe.right - ticket.width,
          top,
          transform: `translateY(${mix(height - top + 60, 0, arrived).toFixed(2)}px) rotate(${mix(5, 0, arrived).toFixed(3)}deg)`,
        }}
      >
        <Ticket {...ticket} color={brand.colors.paper}>
          <TicketBars {...ticket} at={52} />
          <div
            style={{
              position: 'absolute',
              left: pad,
              top: 0,
              height: ticket.height * 0.8,
              width: textWidth,
              display: 'flex',
              flexDirection: 'column',
              justifyContent: 'center',
            }}
          >
            <Headline at={40} width={textWidth} size={amount} color={brand.colors.ink}>
              {words.amount}
            </Headline>
            <Headline at={45} width={textWidth} size={what} color={brand.colors.ink} italic weight={480}>
              {words.what}
            </Headline>
            <div style={{ height: detail * 1.2 }} />
            <Note at={56} width={textWidth} size={detail} color={brand.colors.quietOnPaper}>
              {words.detail}
            </Note>
          </div>
        </Ticket>
      </div>
    </Stage>
  );
}

import type { ReactNode } from 'react';
import { room, type HousePlan, type RoomName } from './plan.ts';
import { battery, Drive, Entrance, StoreRoom } from './power.tsx';
import { Roof } from './roof.tsx';
import { Bedroom, Kitchen, Lounge } from './rooms.tsx';
import { toneAt, type Tone } from './tone.ts';

/** Blossoms of a wattle, from its foot: across, up, size. */
const blossoms = [
  [-5.5, 6, 1.7],
  [-2.6, 9.4, 2],
  [1, 6.6, 1.6],
  [2.6, 11, 2.1],
  [5.6, 7.6, 1.8],
  [-5, 11.6, 1.5],
  [-0.8, 13.2, 1.7],
] as const;

/** The tree that the brand is named after, its top moved by `sway` from -1 to 1. */
function Wattle({ tone, sway }: { readonly tone: Tone; readonly sway: number }) {
  return (
    <>
      <path
        d="M0 0v-9M0-3.5q-3-1-4.6-3.5M0-5q3.4-.6 4.8-3"
        fill="none"
        strokeWidth={0.9}
        strokeLinecap="round"
      />
      {blossoms.map(([across, up, size], index) => (
        <circle
          key={across}
          cx={(across + sway * up * 0.022 * (index % 2 === 0 ? 1 : 0.7)).toFixed(3)}
          cy={-up}
          r={size}
          fill={tone.power}
        />
      ))}
    </>
  );
}

/** Things beside the house, if the format has room for them. */
export function Garden({
  plan,
  tone,
  sway,
}: {
  readonly plan: HousePlan;
  readonly tone: Tone;
  readonly sway: number;
}) {
  return plan.trees.map(({ x, size }) => (
    <g key={x} transform={`translate(${x} ${plan.ground}) scale(${size})`}>
      <Wattle tone={tone} sway={sway} />
    </g>
  ));
}

/** The state of the house. Default for each member: at rest. */
export interface HouseState {
  /** Beats since the scene began; turning and swaying repeats every two beats. */
  readonly beat?: number;
  /** 0 by day, 1 at night. */
  readonly night?: number;
  /** Rooms with reduced power, by share; 0 is out. */
  readonly lit?: Readonly<Partial<Record<RoomName, number>>>;
  /** Whether anything flows along the cables. */
  readonly flowing?: boolean;
  readonly charge?: number;
  /** Text on the battery. */
  readonly readout?: string | undefined;
  readonly carCharge?: number;
  readonly carAway?: number;
  readonly heat?: number;
  readonly dial?: number;
  readonly panels?: number;
  readonly glint?: number | undefined;
  readonly balcony?: number;
  readonly emptyFrame?: boolean;
}

const roundTripInBeats = 2;

function Room({
  at,
  width = room.width,
  tone,
  children,
}: {
  readonly at: { readonly x: number; readonly y: number };
  readonly width?: number;
  readonly tone: Tone;
  readonly children: ReactNode;
}) {
  return (
    <g transform={`translate(${at.x} ${at.y})`} stroke={tone.line}>
      <rect width={width} height={room.height} fill={tone.wall} />
      {children}
    </g>
  );
}

/** The cables: from the roof to the battery, and on to the car and the radiator. */
function cables({ rooms, roof }: HousePlan): readonly string[] {
  const { store, drive, lounge } = rooms;
  const shaft = lounge.x + room.width;
  const top = { x: store.x + battery.x + battery.width / 2, y: store.y + battery.y };
  const side = { x: store.x + battery.x + battery.width, y: store.y + 10.5 };
  const below = drive.y > store.y;
  const charger = { x: drive.x + 4.5, y: drive.y + 8 };
  return [
    `M${shaft} ${roof.eaves - 3}V${store.y + 1.8}H${top.x}V${top.y}`,
    below
      ? `M${store.x + battery.x} ${side.y + 5}H${shaft + 1.6}V${charger.y - 5.5}H${charger.x}V${charger.y}`
      : `M${side.x} ${side.y}H${side.x + 1.2}V${store.y + 1.8}H${drive.x + 4.5}V${charger.y}`,
    `M${shaft} ${lounge.y + 23.6}H${lounge.x + 8}V${lounge.y + 22.5}`,
  ];
}

/** The house, cut open. */
export function House({ plan, state }: { readonly plan: HousePlan; readonly state: HouseState }) {
  const { beat = 0, night = 0, lit = {}, flowing = true, charge, carCharge, carAway = 0 } = state;
  const phase = beat / roundTripInBeats;
  const turn = phase - Math.floor(phase);
  const sway = Math.sin(2 * Math.PI * turn);
  const toneOf = (name: RoomName): Tone => toneAt(night, lit[name] ?? 1);
  const outside = toneAt(night, 0);
  const { rooms, garageWidth } = plan;
  return (
    <>
      <Roof
        plan={plan}
        tone={{ ...outside, power: toneAt(night).power, line: outside.line }}
        grown={state.panels ?? 1}
        glint={state.glint}
      />
      <Room at={rooms.lounge} tone={toneOf('lounge')}>
        <Lounge
          tone={toneOf('lounge')}
          sway={sway * 1.2}
          turn={turn}
          heat={state.heat ?? 0}
          dial={state.dial ?? 0}
          empty={state.emptyFrame ?? false}
        />
      </Room>
      <Room at={rooms.bedroom} tone={toneOf('bedroom')}>
        <Bedroom tone={toneOf('bedroom')} panels={state.balcony ?? 0} />
      </Room>
      <Room at={rooms.kitchen} tone={toneOf('kitchen')}>
        <Kitchen tone={toneOf('kitchen')} steam={(lit.kitchen ?? 1) > 0.5 ? turn : 0} />
      </Room>
      <Room at={rooms.drive} tone={toneOf('drive')} width={garageWidth}>
        {garageWidth > room.width ? <Entrance tone={toneOf('drive')} /> : null}
        <Drive
          tone={toneOf('drive')}
          away={carAway}
          roll={carAway / 17}
          {...(carCharge === undefined ? {} : { charge: carCharge })}
        />
      </Room>
      <Room at={rooms.store} tone={toneOf('store')}>
        <StoreRoom
          tone={toneOf('store')}
          turn={(lit.store ?? 1) > 0.5 ? turn : 0}
          readout={state.readout}
          {...(charge === undefined ? {} : { charge })}
        />
      </Room>
      {garageWidth === room.width ? (
        <rect
          x={rooms.drive.x - 0.2}
          y={rooms.drive.y - 1.6}
          width={room.width + 2}
          height={1.8}
          rx={0.9}
          fill={outside.white}
          stroke={outside.line}
        />
      ) : null}
      {cables(plan).map((path) => (
        <g key={path} fill="none" strokeLinecap="round">
          <path d={path} stroke={outside.line} strokeWidth={1.5} />
          {flowing ? (
            <path
              d={path}
              stroke={toneAt(0).power}
              strokeWidth={0.8}
              strokeDasharray="1.5 2"
              strokeDashoffset={(-3.5 * turn * roundTripInBeats).toFixed(3)}
            />
          ) : null}
        </g>
      ))}
    </>
  );
}

import type { Format } from '../../../video/story/format.ts';

/** A rectangle in units: hundredths of the frame's shorter side. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const features = ['sun', 'store', 'drive', 'warmth'] as const;
export type Feature = (typeof features)[number];

export const roomNames = ['lounge', 'bedroom', 'kitchen', 'store', 'drive'] as const;
export type RoomName = (typeof roomNames)[number];

/** Every room is as large; what is in it is drawn in its own units from its top left corner. */
export const room = { width: 38, height: 25 } as const;

/** Where everything of the house stands, and where the sky has its things. */
export interface HousePlan {
  readonly frame: { readonly width: number; readonly height: number };
  /** The street. */
  readonly ground: number;
  readonly rooms: Readonly<Record<RoomName, Point>>;
  /** The ground floor's garage may be wider than a room. */
  readonly garageWidth: number;
  readonly roof: {
    readonly left: number;
    readonly right: number;
    readonly eaves: number;
    readonly ridge: number;
    /** How far the ridge is shorter than the eaves, at each end. */
    readonly hip: number;
  };
  readonly sun: Point & { readonly r: number };
  /** The middle of the sky's wheel, around which sun and moon turn. */
  readonly hinge: Point;
  readonly cloud: Point;
  /** Trees on the street, by their foot. */
  readonly trees: readonly { readonly x: number; readonly size: number }[];
  /** Where the features' labels hang, by their middle. */
  readonly tags: Readonly<Record<Feature | 'evening', Point>>;
  /** What can be clicked, with what is drawn there inside. */
  readonly spots: Readonly<Record<Feature | 'evening', Box>>;
}

const boxOf = ({ x, y }: Point): Box => ({ x, y, ...room });

const wide: HousePlan = {
  frame: { width: 1600 / 9, height: 100 },
  ground: 86,
  rooms: {
    lounge: { x: 54, y: 36 },
    bedroom: { x: 92, y: 36 },
    kitchen: { x: 54, y: 61 },
    store: { x: 92, y: 61 },
    drive: { x: 130, y: 61 },
  },
  garageWidth: 38,
  roof: { left: 49, right: 135, eaves: 36, ridge: 14, hip: 13 },
  sun: { x: 152, y: 24, r: 8.5 },
  hinge: { x: 92, y: 104 },
  cloud: { x: 28, y: 25 },
  trees: [
    { x: 43.5, size: 0.85 },
    { x: 172.5, size: 0.62 },
  ],
  tags: {
    sun: { x: 92, y: 14 },
    warmth: { x: 73, y: 36 },
    store: { x: 111, y: 61 },
    drive: { x: 149, y: 58.5 },
    evening: { x: 28, y: 36 },
  },
  spots: {
    sun: { x: 54, y: 10.5, width: 76, height: 22.4 },
    warmth: { ...boxOf({ x: 54, y: 36 }), y: 33, height: 27 },
    store: { x: 92.2, y: 58, width: 37.6, height: 28 },
    drive: { ...boxOf({ x: 130, y: 61 }), y: 55, height: 31 },
    evening: { x: 12, y: 15, width: 32, height: 25 },
  },
};

const tall: HousePlan = {
  frame: { width: 100, height: 1600 / 9 },
  ground: 141,
  rooms: {
    lounge: { x: 12, y: 66 },
    bedroom: { x: 50, y: 66 },
    kitchen: { x: 12, y: 91 },
    store: { x: 50, y: 91 },
    drive: { x: 12, y: 116 },
  },
  garageWidth: 76,
  roof: { left: 7, right: 93, eaves: 66, ridge: 45, hip: 13 },
  sun: { x: 80, y: 29, r: 8.5 },
  hinge: { x: 50, y: 128 },
  cloud: { x: 24, y: 27 },
  trees: [
    { x: 4, size: 0.75 },
    { x: 96.5, size: 0.9 },
  ],
  tags: {
    sun: { x: 50, y: 45 },
    warmth: { x: 31, y: 66 },
    store: { x: 69, y: 91 },
    drive: { x: 36, y: 116 },
    evening: { x: 24, y: 38 },
  },
  spots: {
    sun: { x: 12, y: 41.5, width: 76, height: 21.4 },
    warmth: { ...boxOf({ x: 12, y: 66 }), y: 63, height: 27.5 },
    store: { x: 50.2, y: 88, width: 37.6, height: 27.5 },
    drive: { x: 12, y: 113, width: 38, height: 28 },
    evening: { x: 8, y: 16.4, width: 34, height: 25 },
  },
};

/** The plan of a format; the template has no other formats. */
export function planOf(format: Format): HousePlan {
  return format === '16:9' ? wide : tall;
}

/** A spot in parts of the frame, as a story's hotspots are given. */
export function spotArea(format: Format, spot: Feature | 'evening'): Box {
  const { frame, spots } = planOf(format);
  const { x, y, width, height } = spots[spot];
  const share = (value: number, of: number): number => Math.round((value / of) * 10_000) / 10_000;
  return {
    x: share(x, frame.width),
    y: share(y, frame.height),
    width: share(width, frame.width),
    height: share(height, frame.height),
  };
}

/** The house with its roof and the street before it. */
export function homeBox({ roof, rooms, garageWidth, ground }: HousePlan): Box {
  const top = roof.ridge - 8;
  const left = Math.min(roof.left, rooms.lounge.x);
  const right = Math.max(roof.right, rooms.drive.x + garageWidth);
  return { x: left, y: top, width: right - left, height: ground + 9 - top };
}

import type { Format } from 'bespoke/template';

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

/** The size of every room; its content is drawn in the room's own units from its top left corner. */
export const room = { width: 38, height: 25 } as const;

/** Positions of the parts of the house and of the sky. */
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

type Garage = Pick<HousePlan, 'garageWidth'> & {
  readonly at: Point;
  readonly tag: Point;
  readonly spot: Box;
};

/** Parts outside of the house, which differ by format. */
type Surroundings = Pick<HousePlan, 'frame' | 'ground' | 'sun' | 'hinge' | 'cloud' | 'trees'> & {
  readonly evening: { readonly tag: Point; readonly spot: Box };
};

/** A house of four rooms, from its upper left one, under a roof of its own height, with a garage. */
function planHouse(
  lounge: Point,
  ridge: number,
  { at: drive, garageWidth, ...garage }: Garage,
  { evening, ...surroundings }: Surroundings,
): HousePlan {
  const right = lounge.x + room.width;
  const below = lounge.y + room.height;
  const half = room.width / 2;
  return {
    ...surroundings,
    rooms: {
      lounge,
      bedroom: { x: right, y: lounge.y },
      kitchen: { x: lounge.x, y: below },
      store: { x: right, y: below },
      drive,
    },
    garageWidth,
    roof: { left: lounge.x - 5, right: right + room.width + 5, eaves: lounge.y, ridge, hip: 13 },
    tags: {
      sun: { x: right, y: ridge },
      warmth: { x: lounge.x + half, y: lounge.y },
      store: { x: right + half, y: below },
      drive: garage.tag,
      evening: evening.tag,
    },
    spots: {
      sun: { x: lounge.x, y: ridge - 3.5, width: 2 * room.width, height: lounge.y - ridge + 0.4 },
      warmth: { ...lounge, y: lounge.y - 3, width: room.width, height: 27.5 },
      store: { x: right + 0.2, y: below - 3, width: room.width - 0.4, height: 27.5 },
      drive: garage.spot,
      evening: evening.spot,
    },
  };
}

const wide = planHouse(
  { x: 54, y: 36 },
  14,
  {
    at: { x: 130, y: 61 },
    garageWidth: 38,
    tag: { x: 149, y: 58.5 },
    spot: { x: 130, y: 55, width: 38, height: 31 },
  },
  {
    frame: { width: 1600 / 9, height: 100 },
    ground: 86,
    sun: { x: 152, y: 24, r: 8.5 },
    hinge: { x: 92, y: 104 },
    cloud: { x: 28, y: 25 },
    trees: [
      { x: 43.5, size: 0.85 },
      { x: 172.5, size: 0.62 },
    ],
    evening: { tag: { x: 28, y: 36 }, spot: { x: 12, y: 15, width: 32, height: 25 } },
  },
);

const tall = planHouse(
  { x: 12, y: 66 },
  45,
  {
    at: { x: 12, y: 116 },
    garageWidth: 76,
    tag: { x: 36, y: 116 },
    spot: { x: 12, y: 113, width: 38, height: 28 },
  },
  {
    frame: { width: 100, height: 1600 / 9 },
    ground: 141,
    sun: { x: 80, y: 29, r: 8.5 },
    hinge: { x: 50, y: 128 },
    cloud: { x: 24, y: 27 },
    trees: [
      { x: 4, size: 0.75 },
      { x: 96.5, size: 0.9 },
    ],
    evening: { tag: { x: 24, y: 38 }, spot: { x: 8, y: 16.4, width: 34, height: 25 } },
  },
);

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

import type { Segment } from './record.ts';

/** The colours of one segment's scenes; each text colour keeps 4.5:1 and more on its ground. */
export interface Palette {
  /** Ground of the picture scenes, and the text on it. */
  readonly sky: string;
  readonly onSky: string;
  /** The picture's layers, back to front; text may be on the nearest. */
  readonly far: string;
  readonly middle: string;
  readonly near: string;
  readonly onNear: string;
  readonly quietOnNear: string;
  /** Ground of the personal scene, against the picture's light. */
  readonly page: string;
  readonly onPage: string;
  readonly quietOnPage: string;
  /** The calendar's dots on the page. */
  readonly dots: string;
}

/** The brand's settings. Colours are CSS hex; faces are font families. */
export const brand = {
  name: 'solen',
  website: 'solen.example',
  /** The ground that scenes come out of and go back into, and the text on it. */
  night: '#0D2226',
  onNight: '#FFF4DF',
  quietOnNight: '#A9C4C1',
  /** The one disc of every scene, and the text on it. */
  sun: '#FFB52E',
  onSun: '#0D2226',
  paper: '#FFF4DF',
  onPaper: '#0D2226',
  quietOnPaper: '#4A5C5B',
  /** Rings around the sun, inside out. */
  rings: ['#FFD27D', '#F2A66B', '#E0704F'],
  face: 'Manrope Variable',
} as const;

export const palettes: Readonly<Record<Segment, Palette>> = {
  loyal: {
    sky: '#DCEBDD',
    onSky: '#0B3A2F',
    far: '#A5D0B1',
    middle: '#3E9170',
    near: '#0E4B3C',
    onNear: '#FFF4DF',
    quietOnNear: '#BFE0CB',
    page: '#0E4B3C',
    onPage: '#FFF4DF',
    quietOnPage: '#BFE0CB',
    dots: '#2F7A62',
  },
  new: {
    sky: '#FFE4CC',
    onSky: '#5A1A2B',
    far: '#FFC6A5',
    middle: '#F58A64',
    near: '#8E2F3C',
    onNear: '#FFF1E4',
    quietOnNear: '#FFD2BC',
    page: '#8E2F3C',
    onPage: '#FFF1E4',
    quietOnPage: '#FFD2BC',
    dots: '#BC5B60',
  },
  'at-risk': {
    sky: '#3A1745',
    onSky: '#FFEFF3',
    far: '#512360',
    middle: '#6F2F73',
    near: '#250D30',
    onNear: '#FFEFF3',
    quietOnNear: '#E3BEDB',
    page: '#F8DFE8',
    onPage: '#3A1745',
    quietOnPage: '#6F2F73',
    dots: '#E3B5CC',
  },
  business: {
    sky: '#1B4FC4',
    onSky: '#F5F8FF',
    far: '#2E63DA',
    middle: '#123A99',
    near: '#0A2560',
    onNear: '#F5F8FF',
    quietOnNear: '#BFD0FA',
    page: '#DDE8FF',
    onPage: '#0A2560',
    quietOnPage: '#2B4A94',
    dots: '#ABC3F6',
  },
};

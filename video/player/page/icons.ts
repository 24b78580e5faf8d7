/** Paths of drawings of 24 by 24 units. */
export const icons = {
  back: 'M10 5 3 12l7 7M3.5 12H21',
  play: 'M7 4.5v15l12.5-7.5z',
  replay: 'M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5',
  expand: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  shrink: 'M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5 10 17.5 19.5 7',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  out: 'M14 4h6v6M20 4l-9 9M10 5H5v14h14v-5',
} as const;

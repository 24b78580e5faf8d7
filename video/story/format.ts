/** Frame sizes by aspect ratio, in pixels at scale 1. */
export const frameSizes = {
  '16:9': { width: 1920, height: 1080 },
  '9:16': { width: 1080, height: 1920 },
  '1:1': { width: 1080, height: 1080 },
} as const;

export type Format = keyof typeof frameSizes;

export const formats = Object.keys(frameSizes) as readonly Format[];

export const isFormat = (value: string): value is Format => Object.hasOwn(frameSizes, value);

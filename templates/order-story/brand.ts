import { contrast } from 'bespoke/template';

/** Colours that stay, whatever the accent is. */
export const brand = {
  paper: '#f7f1e7',
  ink: '#2b241d',
  quiet: '#6f6355',
  face: 'Manrope Variable',
  displayFace: 'Source Serif 4 Variable',
  website: 'fernhaven.example',
} as const;

/** The language of the pictures' own words. */
export const copyLanguage = 'en';

/** The better readable of paper and ink on a colour. */
export const readableOn = (ground: string): string =>
  contrast(brand.paper, ground) >= contrast(brand.ink, ground) ? brand.paper : brand.ink;

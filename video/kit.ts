/** The parts that scenes are drawn with. */
export { fontStack } from './kit/fonts/coverage.ts';
export { SeamScene, useFormat, type FrameLayout } from './kit/layout.tsx';
export { curves, mix, mixColors, ramp, stagger, type Curve } from './kit/motion.ts';
export { Photo } from './kit/photo.tsx';
export { directionOf, textLanguage } from './kit/script.ts';
export { FitText, PersonText, ThemeProvider, type Theme } from './kit/text.tsx';

import { beats } from '../rhythm.ts';

/** When the question is asked, and when it is too late to answer. */
export const stormWindow = { appearsAtFrame: beats(5), locksAtFrame: beats(17) } as const;

/** When lightning strikes; the first takes the street's power. */
export const strikes = [beats(3), beats(9), beats(14)] as const;

/** Charge of the battery when the lights go out, in percent; it keeps falling. */
export const batteryAtDusk = 38;

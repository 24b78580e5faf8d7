/** Frames of a beat: 100 beats a minute at 30 frames a second. Scenes last whole beats. */
export const beatInFrames = 18;

export const beats = (count: number): number => count * beatInFrames;

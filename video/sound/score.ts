const semitones: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/**
 * Frequency of a note in hertz, equal temperament, A4 = 440: `D4`, `F#3`, `Bb2`.
 *
 * @throws RangeError when the text is no such note.
 */
export function noteFrequency(note: string): number {
  const [, letter, accidental, octave] = /^([A-G])([#b]?)(-?\d)$/.exec(note) ?? [];
  const step = letter === undefined ? undefined : semitones[letter];
  if (step === undefined) throw new RangeError(`"${note}" is no note`);
  const shift = accidental === '#' ? 1 : accidental === 'b' ? -1 : 0;
  return 440 * Math.pow(2, (step + shift - 9) / 12 + Number(octave) - 4);
}

/** A note of a written part: beat from the piece's start, pitch, loudness 0 to 1. */
export type Note = readonly [beat: number, pitch: string, velocity: number];

/** Reads `beat pitch velocity` triples, `/` between notes, with beats counted from a given bar. */
export function readPart(bar: number, text: string, beatsPerBar = 4): readonly Note[] {
  return text
    .split('/')
    .map((each) => each.trim().split(/\s+/))
    .map(([beat, pitch, velocity]) => {
      if (beat === undefined || pitch === undefined) throw new RangeError(`"${text}" is no part`);
      return [bar * beatsPerBar + Number(beat), pitch, Number(velocity ?? 1)];
    });
}

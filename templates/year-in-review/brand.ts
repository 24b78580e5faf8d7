/** The brand's settings. Colours are CSS hex; faces are font families. */
export const brand = {
  name: 'tolv',
  website: 'tolv.example',
  /** What the monthly numbers count. */
  count: { one: 'visit', other: 'visits' },
  colors: {
    ink: '#16132D',
    /** Raised and muted parts on ink; too dark for text. */
    inkRaised: '#37325C',
    paper: '#F6F1E7',
    /** Muted parts on paper; too light for text. */
    paperShade: '#E4DACA',
    accent: '#FF5738',
    companion: '#CDC4FF',
    companionDeep: '#9D8DFA',
    /** Secondary text, 4.5:1 and more on their ground. */
    quietOnInk: '#BDB7D6',
    quietOnPaper: '#5A5470',
    quietOnCompanion: '#3F3769',
  },
  /** First and last of the twelve strips' colours; the others lie between. */
  strips: { first: '#E8412A', last: '#FF7350' },
  display: 'Source Serif 4 Variable',
  text: 'Manrope Variable',
} as const;

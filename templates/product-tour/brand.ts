/** The brand's settings. Colours are CSS hex; the face is a font family. */
export const brand = {
  name: 'wattle',
  website: 'wattle.example',
  face: 'Bricolage Grotesque Variable',
  colors: {
    /** Background by day, and the ink for all drawings on it. */
    paper: '#E9EDFF',
    ink: '#1A1FB8',
    white: '#FFFFFF',
    /** Things with power. */
    power: '#FFE03A',
    /** Warm or living things. */
    warm: '#FF9CB5',
    /** Furniture and shadows by day; too light for text. */
    shade: '#C9D2FF',
    /** The street, by day and by night. */
    earth: '#1A1FB8',
    earthAtNight: '#0B0D52',
    /** Sky, lines and rooms without light at night. */
    night: '#12157A',
    lineAtNight: '#B9C3FF',
    roomAtNight: '#1D2196',
    shadeAtNight: '#2B30B0',
  },
} as const;

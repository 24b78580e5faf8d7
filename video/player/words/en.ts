/** The page's own texts in English, and the shape of all other languages. */
export const words = {
  player: 'Interactive film',
  play: 'Play',
  goOn: 'Continue',
  startAgain: 'Start again',
  watchAgain: 'Watch again',
  theEnd: 'That was your film.',
  back: 'Back',
  menu: 'Menu',
  close: 'Close',
  controls: 'Playback',
  fullScreen: 'Full screen',
  leaveFullScreen: 'Leave full screen',
  captions: 'Captions',
  transcript: 'Transcript',
  noTimeLimits: 'No time limits',
  timeLimitsOff: 'Time limits are off. Take as long as you like.',
  timeLimitsOn: 'Time limits are on.',
  privacy: 'Your data and sharing',
  choose: 'Choose',
  notAvailable: 'not available now',
  choicesAre: (labels: readonly string[]) => `Choose: ${labels.join(', ')}.`,
  secondsLeft: (seconds: number) => (seconds === 1 ? '1 second left' : `${seconds} seconds left`),
  youHave: (seconds: number) => (seconds === 1 ? 'You have 1 second.' : `You have ${seconds} seconds.`),
  youChose: (label: string) => `You chose: ${label}.`,
  send: 'Continue',
  skip: 'Skip this question',
  yes: 'Yes',
  no: 'No',
  /** What a call to action says that has no words of its own. */
  links: { page: 'Find out more', call: 'Call us', mail: 'Write to us' },
  linkIs: (label: string) => `There is a link: ${label}.`,
  opensInNewTab: 'opens in a new tab',
  loading: 'Loading the next part.',
  offline: 'You are offline. Your choices are kept and sent when you are back online.',
  online: 'You are back online.',
  movedOn: 'This film was continued in another tab or on another device. It now shows the same scene.',
  remade: 'Your film has been updated.',
  making: 'This part is being made for you. One moment.',
  remaking: 'Your film is being updated with your changes. You can already watch the parts that are ready.',
  revokedTitle: 'This link no longer works',
  revoked: 'It was withdrawn or has expired, or its data was erased. Ask the sender for a new link.',
  brokenTitle: 'The film cannot be shown',
  broken: 'Something went wrong. Please try again.',
  tryAgain: 'Try again',
  charactersLeft: (count: number) => (count === 1 ? '1 character left' : `${count} characters left`),
  problems: {
    'wrong-type': 'Please enter a number.',
    'not-an-option': 'Please choose one of the answers.',
    'not-whole': 'Please enter a whole number.',
    empty: 'Please write an answer.',
    'too-long': (most: number) => `Please use ${most} characters at most.`,
    'not-drawable': 'Some of these characters cannot be shown in the film. Please use others.',
    'out-of-range': (min: number, max: number) => `Please enter a number from ${min} to ${max}.`,
  },
  /** The control library's own words are English. */
  library: {} as Partial<Library>,
};

/** Words of the control library, by its English ones. */
type Library = Readonly<
  Record<
    | ('play' | 'pause' | 'mute' | 'unmute' | 'volume' | 'seek')
    | ('closed captions' | 'video player')
    | ('hour' | 'hours' | 'minute' | 'minutes' | 'second' | 'seconds')
    | ('{time} remaining' | '{currentTime} of {totalTime}' | 'video not loaded, unknown time.'),
    string
  >
>;

/** The page's words in another language: a missing one does not compile. */
export type Words = Omit<typeof words, 'library'> & { readonly library: Library };

/** Bytes of a clip as they arrive. */
export interface ClipBytes {
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
  /** Whether all chunks are there. */
  readonly whole: boolean;
  /** Resolves when another chunk is there, or all are. Rejects when no more will come. */
  readonly more: () => Promise<void>;
}

/** One showing of a clip. The same clip shown again is another piece. */
export interface Piece {
  readonly bytes: ClipBytes;
  readonly durationInFrames: number;
}

/** A frame that viewers see. */
export interface Painted {
  readonly piece: Piece;
  /** Counts from the piece's start. */
  readonly frame: number;
}

/** What a stage tells whoever directs it. */
export interface StageEvents {
  /** A frame is on screen; called for each frame where the browser tells. */
  readonly painted: (painted: Painted) => void;
  /** Nothing more can be shown: the last frame stays. */
  readonly ranOut: () => void;
  /** The stage cannot go on. */
  readonly failed: (error: unknown) => void;
  /** Playing, pausing, seeking or waiting has changed. */
  readonly changed: (what: 'play' | 'playing' | 'pause' | 'waiting' | 'seeking' | 'seeked') => void;
}

/** Where pieces are shown, one behind the other. */
export interface Stage {
  /** Elements to put into the page, on top of each other. */
  readonly screens: readonly HTMLVideoElement[];
  /** Shows a piece right behind the last frame of all that was handed over before. */
  readonly follow: (piece: Piece) => void;
  /** Forgets what would follow the piece on screen. @returns false when that has begun already. */
  readonly unfollow: () => boolean;
  /** Shows a piece as soon as it can be painted; until then what is on screen stays. */
  readonly jump: (piece: Piece) => void;
  /** Nothing will follow the last piece: its last frames need not wait for what might. */
  readonly conclude: () => void;
  readonly play: () => Promise<void>;
  readonly pause: () => void;
  readonly paused: () => boolean;
  /** Goes to a frame of the piece on screen. */
  readonly seek: (frame: number) => void;
  /** Exact position in the piece on screen, in frames. */
  readonly position: () => (Painted & { readonly exact: number }) | undefined;
  /** Plays faster or slower. */
  readonly setRate: (rate: number) => void;
  readonly close: () => void;
}

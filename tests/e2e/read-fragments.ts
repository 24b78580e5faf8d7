/** What a fragmented MP4 says of itself, read without a demuxer that puts things right. */
export interface Fragments {
  /** Types of the file's boxes, in order. */
  readonly boxes: readonly string[];
  /** The frames in the order of the file, in units of the track's clock. */
  readonly frames: readonly { readonly decodedAt: number; readonly shownAt: number }[];
}

interface Box {
  readonly type: string;
  readonly body: Buffer;
}

function readBoxes(bytes: Buffer): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), body: bytes.subarray(at + 8, at + length) });
    at += length;
  }
  return boxes;
}

function find(bytes: Buffer, type: string): Buffer {
  const box = readBoxes(bytes).find((each) => each.type === type);
  if (box === undefined) throw new Error(`There is no box "${type}".`);
  return box.body;
}

/** The frames of a `moof`, as ISO/IEC 14496-12 has `tfhd`, `tfdt` and `trun`. */
function readFrames(moof: Buffer): Fragments['frames'] {
  const track = find(moof, 'traf');
  const header = find(track, 'tfhd');
  const headerFlags = header.readUInt32BE(0) & 0xffffff;
  if ((headerFlags & 0x0b) !== 0x08) throw new Error('The fragment tells no usual duration of its frames.');
  const duration = header.readUInt32BE(8);
  const run = find(track, 'trun');
  const flags = run.readUInt32BE(0) & 0xffffff;
  if ((flags & 0x100) !== 0) throw new Error('Frames have durations of their own.');
  const count = run.readUInt32BE(4);
  const start = 8 + ((flags & 0x1) !== 0 ? 4 : 0) + ((flags & 0x4) !== 0 ? 4 : 0);
  const size = [0x200, 0x400, 0x800].filter((flag) => (flags & flag) !== 0).length * 4;
  const begin = Number(find(track, 'tfdt').readBigUInt64BE(4));
  return Array.from({ length: count }, (_, frame) => {
    const decodedAt = begin + frame * duration;
    const offset = (flags & 0x800) !== 0 ? run.readInt32BE(start + (frame + 1) * size - 4) : 0;
    return { decodedAt, shownAt: decodedAt + offset };
  });
}

/** @throws Error where the file is no fragmented MP4 of one track. */
export function readFragments(bytes: Buffer): Fragments {
  const boxes = readBoxes(bytes);
  return {
    boxes: boxes.map(({ type }) => type),
    frames: boxes.filter(({ type }) => type === 'moof').flatMap(({ body }) => readFrames(body)),
  };
}

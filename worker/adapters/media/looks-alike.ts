import sharp from 'sharp';

/** The difference of a channel, of 255, that is seen wherever it is; and one that is seen where it covers much. */
const seen = { anywhere: 64, ifLarge: 8 };
const large = 0.005;

/**
 * Whether two pictures of one size look alike. Browsers draw edges anew or keep them, as memory allows, so that pictures
 * of one frame may differ by some levels along a line.
 */
export async function looksAlike(one: Buffer, other: Buffer): Promise<boolean> {
  if (one.equals(other)) return true;
  const [first, second] = await Promise.all(
    [one, other].map((each) => sharp(each).removeAlpha().raw().toBuffer()),
  );
  if (first === undefined || second === undefined || first.length !== second.length) return false;
  let different = 0;
  for (let at = 0; at < first.length; at += 1) {
    const difference = Math.abs((first[at] ?? 0) - (second[at] ?? 0));
    if (difference > seen.anywhere) return false;
    if (difference > seen.ifLarge) different += 1;
  }
  return different / first.length < large;
}

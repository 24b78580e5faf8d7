import { createHash } from 'node:crypto';
import { normalizeText } from '../values/parse-text.ts';

/** Lower case, so that no two of them fall together on disks that ignore case. */
const plain = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const plainUpper = /^[A-Z0-9][A-Z0-9_-]{0,63}$/;

/** Devices that Windows sees whatever the extension. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

const longestSlug = 40;

/** The readable part of a name: ASCII letters and digits, hyphens for all else. */
function slugOf(id: string): string {
  return normalizeText(id, 'NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, longestSlug)
    .replace(/^-+|-+$/g, '');
}

/**
 * The name, without extension, of the files that belong to an id. Depends on nothing but the id; holds
 * only ASCII letters, digits, `-`, `_` and `~`; at most 64 characters; never empty; and the names of two
 * ids differ in more than case.
 *
 * Ids of lower-case letters, digits, `-` and `_` keep their spelling. Upper-case ones gain `~u`, because
 * some disks take `A1` and `a1` for the same file; every other id gains `~` and a hash.
 */
export function fileNameOf(id: string): string {
  if (plain.test(id) && !reserved.test(id)) return id;
  if (plainUpper.test(id) && !reserved.test(id) && id.length <= 62) return `${id}~u`;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 16);
  return `${slugOf(id) || 'id'}~${hash}`;
}

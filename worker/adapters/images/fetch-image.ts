import { writeFile } from 'node:fs/promises';
import type { ImageSource } from '../../core/media-sources.ts';
import { type FileSourceOptions, makeFileSource } from './fetch-file.ts';
import { normalizeImage } from './normalize-image.ts';

/** Fetches the images of records. An image is decoded, within a limit of pixels, and stored as plain pixels. */
export function makeImageSource(options: FileSourceOptions): ImageSource {
  const fetchFile = makeFileSource({ timeLimitMs: 10_000, maxBytes: 10_000_000, ...options }, 'image/*');
  return {
    fetch: async (url, scratch, signal, ground) => {
      const fetched = await fetchFile(url, signal, (file) => normalizeImage(file, ground));
      if (!fetched.ok) return fetched;
      const { hash, data, transparent, faint } = fetched.value;
      await writeFile(scratch, data);
      return { ok: true, hash, file: scratch, transparent, faint };
    },
  };
}

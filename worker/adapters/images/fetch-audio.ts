import type { AudioSource } from '../../core/media-sources.ts';
import { levelRecording, SoundRefused } from '../media/speech-sound.ts';
import { FileRefused, type FileSourceOptions, makeFileSource } from './fetch-file.ts';

/** Fetches the recordings of records. A recording is decoded, within a limit of time, and stored as all speech is kept. */
export function makeAudioSource(options: FileSourceOptions): AudioSource {
  const limits = { timeLimitMs: 30_000, maxBytes: 30_000_000 };
  const fetchFile = makeFileSource({ ...limits, ...options }, 'audio/*, video/*;q=0.5');
  return {
    fetch: async (url, scratch, signal) => {
      const fetched = await fetchFile(url, signal, async (file) => {
        try {
          return await levelRecording(file, scratch, signal);
        } catch (error) {
          if (error instanceof SoundRefused)
            throw new FileRefused(`the file ${error.message}`, { cause: error });
          throw error;
        }
      });
      return fetched.ok ? { ok: true, hash: fetched.value, file: scratch } : fetched;
    },
  };
}

import type { SpeechText } from '../../../video/story/speech.ts';

/**
 * The voice for a text: its own, or the one that the deployment has for its language.
 *
 * @param voices one voice for all languages, or `en=…,de-AT=…`.
 */
export function voiceFor(voices: string, { voice, language }: SpeechText): string | undefined {
  if (voice !== undefined) return voice;
  const listed = voices.split(',').map((each) => each.trim());
  const whole = language.toLowerCase();
  for (const tag of [whole, whole.split('-')[0] ?? whole]) {
    const found = listed.find((each) => each.toLowerCase().startsWith(`${tag}=`));
    if (found !== undefined) return found.slice(tag.length + 1);
  }
  return listed.find((each) => each !== '' && !each.includes('='));
}

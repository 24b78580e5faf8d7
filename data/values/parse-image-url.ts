import { accept, reject, type Parsed } from './parsed.ts';

/** In characters. */
export const longestUrl = 2048;

/** Reads an absolute web address without user name or password. Nothing is fetched. */
export function parseImageUrl(text: string): Parsed<string> {
  if (!/^https?:\/\//i.test(text)) {
    return reject('is not a web address; write it in full, such as https://example.com/photo.jpg');
  }
  if (text.length > longestUrl) return reject(`is longer than ${longestUrl} characters; shorten it`);
  if (!URL.canParse(text) || /\s/u.test(text)) {
    return reject('is not a valid web address; write it in full, such as https://example.com/photo.jpg');
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return reject('holds a user name or password; write an address that is open to read');
  }
  return accept(url.href);
}

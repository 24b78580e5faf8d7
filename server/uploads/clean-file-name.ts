const longestName = 120;

/** A client's name for a file, safe for messages: one short line without folders. */
export function cleanFileName(name: string | undefined): string {
  const last = (name ?? '').normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const shown = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  const characters = [...shown].slice(0, longestName).join('');
  return characters === '' || /^\.+$/.test(characters) ? 'upload.csv' : characters;
}

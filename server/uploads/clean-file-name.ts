const longestName = 120;

/** A client's name for a file as messages may repeat it: one line without folders, not too long. */
export function cleanFileName(name: string | undefined): string {
  const last = (name ?? '').normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const shown = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  const characters = [...shown].slice(0, longestName).join('');
  return characters === '' || /^\.+$/.test(characters) ? 'upload.csv' : characters;
}

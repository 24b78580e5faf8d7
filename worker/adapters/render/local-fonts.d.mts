export function fontPackageOf(specifier: string, from: string): string | undefined;
export default function localFonts(this: { readonly resourcePath: string }, source: string): string;

import { bindPath, type BoundScene, type ResolvedImages } from '../story/bind.ts';
import type { Fixture, Template } from '../story/template.ts';

/** The campaign's date of everything that is shown from fixtures. */
export const sampleAsOf = '2026-01-15';

/** A stand-in for a stored image's hash, made from the file's name so that it is the same every time. */
export function sampleImageHash(file: string): string {
  const hex = [...new TextEncoder().encode(file)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.slice(-64).padStart(64, '0');
}

/** A fixture's images as scenes see them. */
function sampleImages(fixture: Fixture): ResolvedImages {
  return Object.fromEntries(
    Object.entries(fixture.images).map(([field, file]) => [
      field,
      { kind: 'stored', hash: sampleImageHash(file) } as const,
    ]),
  );
}

/** The path that a fixture's person sees. */
export function samplePath(template: Template, fixture: Fixture): readonly BoundScene[] {
  return bindPath(template, fixture.record, sampleImages(fixture), {
    asOf: sampleAsOf,
  });
}

/** A scene as the first fixture that reaches it shows it, the typical one before all others. */
export function sampleScene(
  template: Template,
  scene: string,
): { readonly bound: BoundScene; readonly fixture: Fixture } | undefined {
  const { typical, ...others } = template.fixtures;
  for (const fixture of [typical, ...Object.values(others)]) {
    const bound = samplePath(template, fixture).find((each) => each.scene === scene);
    if (bound !== undefined) return { bound, fixture };
  }
  return undefined;
}

const mostRemembered = 10_000;

/** What was made under this name before, or is made now; what is needed again and again is made again seldom. */
export function remember<T>(known: Map<string, T>, name: string, make: () => T): T {
  const before = known.get(name);
  if (before !== undefined) return before;
  const made = make();
  if (known.size >= mostRemembered) known.clear();
  known.set(name, made);
  return made;
}

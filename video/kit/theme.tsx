import { createContext, useContext, type ReactNode } from 'react';

/** What the kit has to know of a template's look. */
export interface Theme {
  /** BCP 47; numbers, dates and undetermined text follow it. */
  readonly locale: string;
  /** Font family of running text, loaded by the template or the kit. */
  readonly face: string;
  /** Font family of large text. */
  readonly displayFace: string;
}

const ThemeContext = createContext<Theme>({
  locale: 'en',
  face: 'Inter Variable',
  displayFace: 'Inter Variable',
});

/** Hands a template's theme to the kit's parts below it; members left out keep the outer value. */
export function ThemeProvider({
  theme,
  children,
}: {
  readonly theme: Partial<Theme>;
  readonly children: ReactNode;
}) {
  const outer = useContext(ThemeContext);
  return <ThemeContext.Provider value={{ ...outer, ...theme }}>{children}</ThemeContext.Provider>;
}

export const useTheme = (): Theme => useContext(ThemeContext);

import type { CSSProperties } from 'react';
import { fontStack } from '../fonts/font-stack.ts';
import { useTheme } from '../theme.tsx';
import { directionOf } from './direction.ts';
import { textLanguage } from './text-language.ts';

/**
 * Text that came from a person's record, inside a sentence or alone: isolated from the direction of
 * what stands around it, set in its own direction, with the language that its script tells.
 */
export function PersonText({
  children,
  face,
  style,
}: {
  readonly children: string;
  /** Defaults to the theme's display face. */
  readonly face?: string;
  readonly style?: CSSProperties;
}) {
  const theme = useTheme();
  const lang = textLanguage(children, theme.locale);
  return (
    <bdi
      lang={lang}
      dir={directionOf(children)}
      style={{ fontFamily: fontStack(face ?? theme.displayFace, lang), ...style }}
    >
      {children}
    </bdi>
  );
}

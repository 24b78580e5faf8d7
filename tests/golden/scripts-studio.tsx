import { AbsoluteFill, Composition, registerRoot } from 'remotion';
import { fontStack } from '../../video/kit/fonts/coverage.ts';
import { useFontVersion } from '../../video/kit/fonts/font-gate.tsx';
import { FitText, ThemeProvider } from '../../video/kit/text.tsx';
import { hostScene } from '../../video/studio/clip-host.tsx';

interface Words extends Record<string, unknown> {
  readonly texts: readonly string[];
  readonly locale: string;
  /** In pixels; the smallest size is a third. */
  readonly size: number;
  readonly columns: number;
  readonly maxLines: number;
  readonly weight?: number;
}

/** Black texts on white, each in a box of its own whose edges are shown. */
function WordSheet({ texts, locale, size, columns, maxLines, weight = 600 }: Words) {
  const width = 1880 / columns - 20;
  const height = 1040 / Math.ceil(texts.length / columns) - 20;
  return (
    <ThemeProvider theme={{ locale, face: 'Inter Variable', displayFace: 'Inter Variable' }}>
      <AbsoluteFill
        style={{ background: 'white', padding: 20, flexDirection: 'row', flexWrap: 'wrap', gap: 20 }}
      >
        {texts.map((text) => (
          <div key={text} style={{ width, height, outline: '2px solid #c8d2e6' }}>
            <FitText
              width={width}
              height={height}
              size={size}
              minSize={size / 3}
              maxLines={maxLines}
              weight={weight}
              color="black"
            >
              {text}
            </FitText>
          </div>
        ))}
      </AbsoluteFill>
    </ThemeProvider>
  );
}

/** White if drawing the text loaded exactly these families, in alphabetical order; red otherwise. */
function LoadedFaces({ text, families }: { readonly text: string; readonly families: string }) {
  useFontVersion();
  const loaded = [...document.fonts]
    .filter(({ status }) => status !== 'unloaded')
    .map(({ family }) => family.replaceAll(/["']/g, ''));
  const isExpected = [...new Set(loaded)].sort().join() === families;
  return (
    <AbsoluteFill style={{ background: isExpected ? 'white' : 'red' }}>
      <span style={{ fontFamily: fontStack('Inter Variable', 'en') }}>{text}</span>
    </AbsoluteFill>
  );
}

/** White if the browser has months and digits of its own for each of these languages; red otherwise. */
function WrittenLanguages({ languages }: { readonly languages: readonly string[] }) {
  const isWritten = languages.every((language) => {
    const format = new Intl.DateTimeFormat(language, { month: 'long', calendar: 'gregory', timeZone: 'UTC' });
    const month = format.format(Date.UTC(2027, 2, 14));
    return (
      new Intl.Locale(format.resolvedOptions().locale).language === language &&
      !/^M\d/.test(month) &&
      (month !== 'March' || ['en', 'fil'].includes(language))
    );
  });
  return <AbsoluteFill style={{ background: isWritten ? 'white' : 'red' }} />;
}

const common = {
  width: 1920,
  height: 1080,
  fps: 15,
  durationInFrames: 2,
  defaultProps: { inputs: {}, images: {}, format: '16:9' as const },
  calculateMetadata: () => ({}),
};

registerRoot(() => (
  <>
    <Composition id="scripts--words" component={hostScene(WordSheet as never)} {...common} />
    <Composition id="locales--written" component={hostScene(WrittenLanguages as never)} {...common} />
    <Composition id="faces--loaded" component={hostScene(LoadedFaces as never)} {...common} />
  </>
));

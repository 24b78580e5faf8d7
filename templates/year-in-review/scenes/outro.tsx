import { FitText, useFormat } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { closingButton } from '../button.ts';
import { Wordmark } from '../look/mark.tsx';
import { copyLanguage, Stage } from '../look/stage.tsx';
import { Skyline } from '../look/strips.tsx';
import { Headline, Note, Settle } from '../look/type.tsx';
import { closingCall } from '../offers.ts';

const roofs = [0.06, 0.09, 0.08, 0.12, 0.11, 0.16, 0.15, 0.21, 0.2, 0.27, 0.3, 0.38];

const looks = {
  '16:9': { size: 200, top: 210, lines: ['Here’s to the', 'next twelve.'] },
  '9:16': { size: 210, top: 400, lines: ['Here’s', 'to the next', 'twelve.'] },
  '1:1': { size: 166, top: 210, lines: ['Here’s to the', 'next twelve.'] },
} as const;

/** Closes every video. */
export function Outro() {
  const { format, safe, inner } = useFormat();
  const { size, top, lines } = looks[format];
  const button = closingButton[format];
  return (
    <Stage ground={brand.colors.paper} strips={<Skyline heights={roofs} />}>
      <Settle at={16} style={{ position: 'absolute', left: safe.left, top: safe.top }}>
        <Wordmark size={56} color={brand.colors.ink} />
      </Settle>
      <div style={{ position: 'absolute', right: safe.right, top: safe.top }}>
        <Note
          at={24}
          width={inner.width / 2}
          size={36}
          color={brand.colors.quietOnPaper}
          align="right"
          maxLines={1}
        >
          {brand.website}
        </Note>
      </div>
      <div style={{ position: 'absolute', left: safe.left, top }}>
        {lines.map((line, index) => (
          <Headline
            key={line}
            at={6 + index * 6}
            width={inner.width}
            size={size}
            color={index === 0 ? brand.colors.quietOnPaper : brand.colors.ink}
            italic={index === 0}
            weight={index === 0 ? 480 : 560}
          >
            {line}
          </Headline>
        ))}
      </div>
      <Settle at={20} style={{ position: 'absolute', left: button.x, top: button.y }}>
        <div
          style={{
            width: button.width,
            height: button.height,
            borderRadius: button.height / 2,
            display: 'flex',
            alignItems: 'center',
            justifyContent: 'center',
            background: brand.colors.ink,
          }}
        >
          <FitText
            width={button.width * 0.8}
            size={button.height * 0.38}
            minSize={button.height * 0.2}
            maxLines={1}
            weight={700}
            lineHeight={1.2}
            face={brand.text}
            color={brand.colors.paper}
            align="center"
            dir="ltr"
            lang={copyLanguage}
          >
            {closingCall}
          </FitText>
        </div>
      </Settle>
    </Stage>
  );
}

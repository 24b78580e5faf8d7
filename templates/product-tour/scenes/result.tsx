import type { z } from 'zod';
import { resultWords } from '../copy.ts';
import { homeView, usePlane } from '../look/camera.ts';
import { grounds, Panel } from '../look/panel.tsx';
import { Household } from '../look/people.tsx';
import { Stage } from '../look/stage.tsx';
import { Deal, Words } from '../look/type.tsx';
import type { result } from '../scenes.ts';

const sizes = {
  '16:9': { name: 6, line: 8.4, size: 24, after: 4.2 },
  '9:16': { name: 6, line: 7.4, size: 18, after: 4.4 },
} as const;

/** All residents in front of the house, and the battery that is large enough for them. */
export function Result({ firstName, people, kept, locale }: z.infer<(typeof result)['inputs']>) {
  const plane = usePlane();
  const { plan, format, words } = plane;
  const text = resultWords(people, kept, locale);
  const size = sizes[format];
  const colors = grounds.power;
  return (
    <Stage locale={locale} view={homeView(plane)} world={<Household plan={plan} count={people} />}>
      <Panel ground="power">
        <Deal at={10}>
          <Words
            width={words.width}
            height={13}
            size={size.name}
            shrink={0.55}
            weight={600}
            lines={2}
            color={colors.words}
            fromRecord
            align="left"
          >
            {firstName}
          </Words>
        </Deal>
        <Deal at={14}>
          <Words width={words.width} size={size.line} lines={1} color={colors.words}>
            {text.line}
          </Words>
        </Deal>
        <Deal at={34}>
          <Words width={words.width} size={size.size} lines={1} color={colors.words}>
            {`${text.size} ${text.unit}`}
          </Words>
        </Deal>
        <Deal at={50}>
          <Words width={words.width} size={size.after} weight={500} lines={3} color={colors.quiet}>
            {text.after}
          </Words>
        </Deal>
      </Panel>
    </Stage>
  );
}

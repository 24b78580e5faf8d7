import { AtRiskPicture, NightSky } from '../art/at-risk.tsx';
import { palettes } from '../brand.ts';
import { openings } from '../copy.ts';
import { usePlane } from '../look/layout.ts';
import { Canvas, Stage } from '../look/stage.tsx';
import { Thought } from '../look/type.tsx';

const colors = palettes['at-risk'];

/** A house whose light was left on: the opening for those who may leave. */
export function Comeback() {
  const { stand } = usePlane();
  const { x, y, scale } = stand;
  return (
    <Stage
      ground={colors.sky}
      sun={{ x: x + 27 * scale, y: y - 56 * scale, r: 9 * scale }}
      behind={
        <Canvas>
          <NightSky />
        </Canvas>
      }
    >
      <Canvas>
        <AtRiskPicture />
      </Canvas>
      <Thought {...openings['at-risk']} color={colors.onSky} />
    </Stage>
  );
}

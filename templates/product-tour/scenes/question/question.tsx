import { questionWords } from '../../copy.ts';
import { usePlane, viewOf } from '../../look/camera.ts';
import { People } from '../../look/people.tsx';
import { Panel, Statement } from '../../look/panel.tsx';
import { Stage } from '../../look/stage.tsx';
import { homeBox } from '../../look/plan.ts';

/** The house and a few of those who might live there. */
export function Question() {
  const { plan, stage, format } = usePlane();
  return (
    <Stage view={viewOf(homeBox(plan), stage, 0.94)} world={<People plan={plan} count={5} passing />}>
      <Panel ground="warm">
        <Statement ground="warm" {...questionWords} at={format === '16:9' ? 12 : 12} />
      </Panel>
    </Stage>
  );
}

import { questionWords } from '../copy.ts';
import { homeView, usePlane } from '../look/camera.ts';
import { Panel, Statement } from '../look/panel.tsx';
import { Household } from '../look/people.tsx';
import { Stage } from '../look/stage.tsx';

/** The house and a few people who might live there. */
export function QuestionScene() {
  const plane = usePlane();
  const { plan } = plane;
  return (
    <Stage view={homeView(plane)} world={<Household plan={plan} count={5} passing />}>
      <Panel ground="warm">
        <Statement ground="warm" {...questionWords} at={12} />
      </Panel>
    </Stage>
  );
}

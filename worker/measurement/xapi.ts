import { createHash } from 'node:crypto';
import type { Pipeline } from '../core/pipeline.ts';
import type { PageEvent, PageView, Watching } from '../core/viewer-events.ts';
import { machineOfPage } from './machines.ts';
import type { Statement } from './xapi-schema.ts';

/* Statements of the Experience API 1.0.3, by its video profile (https://w3id.org/xapi/video) where that has a word. */

const video = 'https://w3id.org/xapi/video';
const adl = 'http://adlnet.gov/expapi';

const verbs = {
  launched: `${adl}/verbs/launched`,
  initialized: `${adl}/verbs/initialized`,
  progressed: `${adl}/verbs/progressed`,
  played: `${video}/verbs/played`,
  paused: `${video}/verbs/paused`,
  seeked: `${video}/verbs/seeked`,
  completed: `${adl}/verbs/completed`,
  experienced: `${adl}/verbs/experienced`,
  answered: `${adl}/verbs/answered`,
  interacted: `${adl}/verbs/interacted`,
  shared: `${adl}/verbs/shared`,
} as const;

type Verb = keyof typeof verbs;

interface Said {
  readonly verb: Verb;
  /** Where it is about a part of the film. */
  readonly node?: string;
  readonly result?: Statement['result'];
}

/** Seconds with three decimals, as the profile has them. */
const seconds = (frames: number, fps: number): number => Number((frames / fps).toFixed(3));

const extension = (name: string): string => `${video}/extensions/${name}`;

/** An event in the words of the profile; `undefined` for those for which it has none. */
function saidOf({ content }: PageEvent, fps: number): Said | undefined {
  switch (content.type) {
    case 'opened':
      return { verb: 'launched' };
    case 'started':
      return { verb: 'initialized' };
    case 'entered':
      return { verb: 'experienced', node: content.node };
    case 'watched': {
      const [from, to] = [seconds(content.fromFrame, fps), seconds(content.toFrame, fps)];
      const extensions = { [extension('played-segments')]: `${from}[.]${to}`, [extension('time')]: to };
      return { verb: 'progressed', node: content.node, result: { extensions } };
    }
    case 'continued':
    case 'paused': {
      const extensions = { [extension('time')]: seconds(content.frame, fps) };
      return {
        verb: content.type === 'paused' ? 'paused' : 'played',
        node: content.node,
        result: { extensions },
      };
    }
    case 'sought': {
      const extensions = {
        [extension('time-from')]: seconds(content.fromFrame, fps),
        [extension('time-to')]: seconds(content.toFrame, fps),
      };
      return { verb: 'seeked', node: content.node, result: { extensions } };
    }
    case 'chosen':
      return { verb: 'answered', node: content.node, result: { response: content.choice } };
    case 'answered':
      return { verb: 'answered', node: content.node };
    case 'link-followed':
      return { verb: 'interacted', node: content.node };
    case 'captions':
      return { verb: 'interacted', result: { extensions: { [extension('cc-enabled')]: content.on } } };
    case 'shared':
      return { verb: 'shared' };
    case 'ended':
      return { verb: 'completed', result: { completion: true } };
    default:
      return undefined;
  }
}

/** A UUID that is the same for the same texts. */
function uuidOf(...texts: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(texts)).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function statementsOf({ viewer }: Watching, page: PageView, publicUrl: string): readonly Statement[] {
  const { session, render, campaign, template, fps, filmFrames, rights } = viewer;
  const film = `${publicUrl}/xapi/campaigns/${campaign}`;
  return page.events.flatMap((event): readonly Statement[] => {
    const said = saidOf(event, fps);
    if (said === undefined) return [];
    const { verb, node, result } = said;
    return [
      {
        id: uuidOf(session, page.page, String(event.seq)),
        actor: {
          objectType: 'Agent',
          account: {
            homePage: publicUrl,
            name: rights === 'owner' ? render : `guest-${uuidOf(session)}`,
          },
        },
        verb: { id: verbs[verb], display: { 'en-US': verb } },
        object: {
          objectType: 'Activity',
          id: node === undefined ? film : `${film}/nodes/${encodeURIComponent(node)}`,
          definition: {
            type: `${video}/activity-type/video`,
            name: { 'en-US': node === undefined ? template : `${template}: ${node}` },
          },
        },
        ...(result !== undefined && { result }),
        context: {
          registration: uuidOf(session, page.page),
          contextActivities: { category: [{ id: video }] },
          extensions: { [extension('length')]: seconds(filmFrames, fps) },
        },
        timestamp: new Date(page.openedAt.getTime() + event.ms).toISOString(),
      },
    ];
  });
}

/** Viewers that one page of statements is about. */
const viewersAtOnce = 50;

/**
 * What viewers of a campaign did, as statements for a learning record store. Machines are left out.
 *
 * @param after the cursor of the page before.
 * @returns `undefined` when there is no such campaign.
 */
export async function listStatements(
  { campaigns, viewerEvents }: Pick<Pipeline, 'campaigns' | 'viewerEvents'>,
  id: string,
  after: string | undefined,
  publicUrl: string,
): Promise<{ readonly statements: readonly Statement[]; readonly next: string | undefined } | undefined> {
  if ((await campaigns.find(id)) === undefined) return undefined;
  const { watching, next } = await viewerEvents.list(id, after, viewersAtOnce);
  const statements = watching.flatMap((each) =>
    each.pages
      .filter((page) => machineOfPage(page, each.viewer.fps) === undefined)
      .flatMap((page) => statementsOf(each, page, publicUrl)),
  );
  return { statements, next };
}

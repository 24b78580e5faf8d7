import { replay, newSession, step, type LogEntry, type Session } from '../../video/story/engine/session.ts';
import type {
  AppendEvents,
  ClipView,
  ClipViews,
  EventsAppended,
  SessionView,
} from '../../video/story/engine/viewer-protocol.ts';
import type { BoundScene } from '../../video/story/time-scene.ts';
import { languageOf, localeOf, localizeStory } from '../../video/story/localized-story.ts';
import { sceneCues, sceneSounds, sceneSpeech, soundtrackOf } from '../../video/story/path.ts';
import { lowSpans, type Span } from '../../video/story/sound-level.ts';
import type { Soundtrack, Template } from '../../video/story/template.ts';
import { tryTemplate } from '../../video/story/template-code.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { linkFor, longestLog, type ViewerSession } from '../core/viewers.ts';
import { basePath, renderLinks, type LinkOptions } from '../campaigns/links.ts';
import { writeClipRef } from './tokens.ts';
import { videoPath, remakeView } from './shown-render.ts';
import { createSounds, type Sounds } from './sounds.ts';
import {
  factsRead,
  findStory,
  isMadeInTime,
  viewsSeen,
  viewsOfRecord,
  viewsAhead,
  type WantedView,
  type ViewerStory,
} from './viewer-story.ts';
import { openSession, type OpenedPage, type ViewerAccess } from './viewer-access.ts';
import { createViewerClips, type MissingClips } from './viewer-clips.ts';

/** A session as its player gets it; the route adds how it is carried. */
export type SessionAnswer = Omit<SessionView, 'access'>;

/** What is known of whoever asks. */
export interface Asker {
  /** Whether the browser says that its user does not want to be counted. */
  readonly isCountingBlocked: boolean;
  /** Whether it is a person, as far as the request shows: clips are ordered for people alone. */
  readonly isPerson: boolean;
}

/** What viewers do. */
export interface Viewer {
  /**
   * Opens the session of a page; `undefined` for a render without a source. Orders no clips: many a page is opened by
   * a scanner of mails.
   *
   * @param earlier a pass of the session to continue, which may have expired.
   */
  readonly open: (
    page: OpenedPage,
    asker: Asker,
    earlier?: string,
  ) => Promise<{ readonly access: ViewerAccess; readonly view: SessionAnswer } | undefined>;
  /** All that a player needs to continue. */
  readonly view: (access: ViewerAccess, asker: Asker) => Promise<SessionAnswer>;
  /** Appends events, and orders clips that come next and are missing. Without events it only orders them. */
  readonly append: (access: ViewerAccess, asker: Asker, wanted: AppendEvents) => Promise<EventsAppended>;
  readonly sounds: Sounds;
}

/** A session with its story. */
interface SessionState {
  readonly story: ViewerStory;
  readonly log: readonly LogEntry[];
  readonly session: Session;
  /** After the lines that a player knows. */
  readonly known: Session;
}

/** What became of events, without what it led to. */
type Outcome =
  | { readonly outcome: 'appended' | 'behind' | 'restart' }
  | Pick<Extract<EventsAppended, { outcome: 'refused' }>, 'outcome' | 'at' | 'refusal'>;

const logFull = { reason: 'log-full' } as const;

/** The state of a session in which nothing has happened. */
const newState = (story: ViewerStory): SessionState => ({
  story,
  log: [],
  session: newSession,
  known: newSession,
});

/** Applies events one after another. @returns their lines, and the first refusal. */
function play(
  story: ViewerStory,
  from: Session,
  events: AppendEvents['events'],
): {
  readonly session: Session;
  readonly lines: readonly { readonly id: string; readonly entry: LogEntry }[];
  readonly refused: Extract<EventsAppended, { outcome: 'refused' }>['refusal'] | undefined;
} {
  const lines: { readonly id: string; readonly entry: LogEntry }[] = [];
  let session = from;
  for (const { id, event } of events) {
    const next = step(story.context, session, event);
    if (!next.ok) return { session, lines, refused: next.refusal };
    session = next.session;
    lines.push({ id, entry: next.entry });
  }
  return { session, lines, refused: undefined };
}

/** A scene is still shown when a changed template no longer gives captions for it. */
function cuesOf(template: Template, bound: BoundScene): ReturnType<typeof sceneCues> {
  const cues = tryTemplate(() => sceneCues(template, bound));
  return cues.ok ? cues.value : [];
}

/** A scene is still shown when a changed template no longer gives sounds for it. */
function soundsOf(template: Template, bound: BoundScene): ReturnType<typeof sceneSounds> {
  const sounds = tryTemplate(() => sceneSounds(template, bound));
  return sounds.ok ? sounds.value : [];
}

/** The music of a viewer's film; none where a changed template no longer gives it. */
function soundtrackIn({ entry, context }: ViewerStory): Soundtrack | undefined {
  const chosen = tryTemplate(() => soundtrackOf(entry.template, context.facts));
  return chosen.ok ? chosen.value : undefined;
}

/** When music is lower in a clip. */
function speechOf(template: Template, bound: BoundScene): ClipView['speech'] {
  const spans = sceneSpeech(template, bound).map(({ fromFrame, toFrame }): Span => [fromFrame, toFrame]);
  return lowSpans(spans, template.fps).map(([fromFrame, toFrame]) => ({ fromFrame, toFrame }));
}

/** Serves viewers, whether a page or a program asks. */
export function createViewer(pipeline: Pipeline, { publicUrl, linkDays }: LinkOptions): Viewer {
  const { hmac, viewers, viewerEvents, clock } = pipeline;
  const clips = createViewerClips(pipeline);
  const sounds = createSounds(pipeline);
  const base = basePath(publicUrl);

  async function storyOf({ render, rights }: ViewerSession): Promise<ViewerStory> {
    const story = await findStory(pipeline, render, rights);
    if (story === undefined) throw new Error(`Render ${render} has a session but no source.`);
    return story;
  }

  /**
   * The state of a session; `undefined` where its log leads elsewhere by now. No line is replayed twice.
   *
   * @param lines that its player knows.
   */
  async function stateOf(
    session: ViewerSession,
    lines = 0,
    knownStory?: ViewerStory,
  ): Promise<SessionState | undefined> {
    const [story, logged] = await Promise.all([knownStory ?? storyOf(session), viewers.log(session.id)]);
    const log = logged.map(({ entry }) => entry);
    const known = replay(story.context, log.slice(0, lines));
    if (!known.ok) return undefined;
    const replayed = replay(story.context, log.slice(lines), known.session);
    return replayed.ok ? { story, log, session: replayed.session, known: known.session } : undefined;
  }

  async function viewClips(
    { id, link }: ViewerSession,
    story: ViewerStory,
    pictures: readonly WantedView[],
    missing: MissingClips,
  ): Promise<ClipViews> {
    const { entry } = story;
    const isLowered = soundtrackIn(story)?.underSpeech !== undefined;
    const [found, hashes, sounding] = await Promise.all([
      clips.find(story, pictures, missing),
      sounds.hashes(entry),
      pipeline.clips.soundingScenes(entry.template.id),
    ]);
    const views = found.map(({ name, bound, key, state }): readonly [string, ClipView] => {
      const ref = writeClipRef(hmac, key, link);
      const isPublic = !bound.personal && state === 'stored';
      const own = `${base}/viewer/clips/${ref}`;
      const declared = soundsOf(entry.template, bound).flatMap((sound) => {
        const { file, atFrame, gain, voice: _, loopInFrames, ...shape } = sound;
        const hash = hashes.get(file);
        if (hash === undefined) return [];
        // Players end sounds with their scene.
        const rest = Math.max(1, bound.durationInFrames - atFrame);
        const loop = loopInFrames && Math.min(loopInFrames, rest);
        const address = sounds.address(hash, { ...shape, loopInFrames: loop, fps: entry.template.fps });
        return [{ url: `${base}/s/${address}`, atFrame, gain }];
      });
      const played = { url: `${own}/sound?session=${id}`, atFrame: 0, gain: 1 };
      return [
        name,
        {
          url: isPublic ? `${base}/c/${key}.mp4` : `${own}?session=${id}`,
          ref,
          state,
          shared: !bound.personal,
          durationInFrames: bound.durationInFrames,
          cues: cuesOf(entry.template, bound),
          ...(isLowered && { speech: speechOf(entry.template, bound) }),
          sounds: sounding.has(bound.scene) ? [...declared, played] : declared,
        },
      ];
    });
    return Object.fromEntries(views);
  }

  async function musicOf(story: ViewerStory): Promise<SessionView['music']> {
    const music = soundtrackIn(story);
    if (music === undefined) return undefined;
    const { file, gain, trim, underSpeech } = music;
    const hash = (await sounds.hashes(story.entry)).get(file);
    if (hash === undefined) return undefined;
    const url = `${base}/s/${sounds.address(hash, { trim, fps: story.entry.template.fps })}`;
    return { url, gain, ...(underSpeech !== undefined && { underSpeech }) };
  }

  /** The views of the present node; before its start, of the first one. */
  function presentViews({ story, session }: Pick<SessionState, 'story' | 'session'>): readonly WantedView[] {
    if (session.state !== undefined) return viewsAhead(story, session.state);
    const begun = step(story.context, session, { type: 'start' });
    return begun.ok && begun.session.state !== undefined ? viewsAhead(story, begun.session.state) : [];
  }

  async function viewSession(
    { session, render }: ViewerAccess,
    { story, log, session: now }: SessionState,
    { isCountingBlocked }: Asker,
  ): Promise<SessionAnswer> {
    const { template } = story.entry;
    const { title, language } = localizeStory(
      template,
      localeOf(template, story.source.record),
      linkFor(story.source.link, session.rights),
    );
    const past = now.state === undefined ? [] : viewsSeen(story, now.state);
    const shown = [...viewsOfRecord(story), ...past, ...presentViews({ story, session: now })];
    const [views, music, consents, isRefused] = await Promise.all([
      viewClips(session, story, shown, 'leave-out'),
      musicOf(story),
      session.rights === 'owner' ? viewers.consents(render.id) : [],
      viewerEvents.isRefused(session.id),
    ]);
    // What a shared link leads to ends with it.
    const addresses = renderLinks(
      hmac,
      { ...render, link: session.link },
      { publicUrl, linkDays },
      clock.now(),
    );
    return {
      id: session.id,
      rights: session.rights,
      title,
      language,
      filmLanguage: languageOf(template),
      format: story.source.terms.format,
      fps: template.fps,
      story: story.context.story,
      facts: factsRead(story.context),
      log,
      run: session.run,
      clips: views,
      music,
      poster: videoPath(render, addresses?.poster),
      film: videoPath(render, addresses?.video),
      remake: remakeView(render).state,
      consents,
      measurement: isCountingBlocked ? 'blocked' : isRefused ? 'refused' : 'allowed',
    };
  }

  return {
    sounds,

    open: async (page, asker, earlier) => {
      const story = await findStory(pipeline, page.render.id, page.rights);
      if (story === undefined) return undefined;
      if (isMadeInTime(story)) clips.warm(story.entry);
      sounds.warm(story.entry);
      const access = await openSession(pipeline, page, story.name, earlier);
      const { session } = access;
      const state = session.story === '' ? newState(story) : await stateOf(session, 0, story);
      if (state !== undefined && state.log.length < longestLog) {
        return { access, view: await viewSession(access, state, asker) };
      }
      await viewers.restart(session.id, session.run, story.name);
      const restarted = { ...access, session: (await viewers.findSession(session.id)) ?? session };
      return { access: restarted, view: await viewSession(restarted, newState(story), asker) };
    },

    view: async (access, asker) => {
      const { session } = access;
      return viewSession(access, (await stateOf(session)) ?? newState(await storyOf(session)), asker);
    },

    append: async ({ session }, { isPerson }, { run, after, events }) => {
      const state = await stateOf(session, after);
      const answer = async (
        outcome: Outcome,
        { story, log, session: now }: Omit<SessionState, 'known'>,
      ): Promise<EventsAppended> => ({
        ...outcome,
        log: log.slice(outcome.outcome === 'restart' ? 0 : after),
        clips: await viewClips(
          session,
          story,
          presentViews({ story, session: now }),
          isPerson ? 'order' : 'leave-out',
        ),
      });
      if (state === undefined) {
        const fresh = newState(await storyOf(session));
        await viewers.restart(session.id, session.run, fresh.story.name);
        return answer({ outcome: 'restart' }, fresh);
      }
      const { story, log, known } = state;
      if (run !== session.run || log.length < after) return answer({ outcome: 'restart' }, state);
      const fitting = events.slice(0, Math.max(0, longestLog - after));
      const { session: played, lines, ...end } = play(story, known, fitting);
      const refused = fitting.length < events.length ? (end.refused ?? logFull) : end.refused;
      const { id, render, rights, link } = session;
      if (rights === 'play' && log.length === 0 && lines.length > 0)
        await viewers.openSession({ id, render, rights, link, story: story.name });
      if (!(await viewers.append(session.id, run, after, lines))) {
        return answer({ outcome: 'behind' }, (await stateOf(session)) ?? state);
      }
      const now = {
        story,
        session: played,
        log: [...log.slice(0, after), ...lines.map(({ entry }) => entry)],
      };
      return refused === undefined
        ? answer({ outcome: 'appended' }, now)
        : answer({ outcome: 'refused', at: lines.length, refusal: refused }, now);
    },
  };
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownChangedSchema } from '../../../video/story/viewer-data-schema.ts';
import { sessionSchema } from '../../../video/story/viewer-schema.ts';
import type { SessionEvent } from '../../../video/story/engine/take.ts';
import type { Choice, StoryNode } from '../../../video/story/engine/graph.ts';
import type { Registry } from '../../../video/story/registry.ts';
import type { Template } from '../../../video/story/template.ts';
import { testRegistry } from '../../fixtures/templates/registry.ts';
import { answerTown, homeOf, named, serveViewers, toTown, type ServedViewers } from './viewer-bench.ts';

type Headers = Readonly<Record<string, string>>;

const start: SessionEvent = { type: 'start' };
const take = (choice: string, says: string): SessionEvent => ({
  ...{ type: 'choose', node: 'way', visit: 1, frame: 1, choice, says },
});
const toTownRight: readonly SessionEvent[] = [
  start,
  take('right', 'Right'),
  { type: 'ended', node: 'right', visit: 1 },
];

/** The way to the right has another label, and the way straight on is new: what leads left is as it was. */
function changed(): Registry {
  return testRegistry.map((entry) => {
    const way: StoryNode | undefined = entry.template.story.nodes['way'];
    if (entry.template.id !== 'crossroads' || way?.type !== 'hub') return entry;
    const choices: readonly Choice[] = [
      ...way.choices.map((choice) => (choice.id === 'right' ? { ...choice, label: 'Uphill' } : choice)),
      { id: 'straight', label: 'Right', to: 'left' },
    ];
    const { story } = entry.template;
    const nodes = { ...story.nodes, way: { ...way, choices } };
    return { ...entry, template: { ...entry.template, story: { ...story, nodes } } };
  });
}

let viewers: ServedViewers;
beforeAll(async () => {
  viewers = await serveViewers();
});
afterAll(() => viewers.close());

const sessionOf = async (pass: Headers) =>
  sessionSchema.parse((await viewers.get('/viewer/session', pass)).json());

describe('an open session', () => {
  it('begins anew after a correction that leads elsewhere, and late events of before change nothing', async () => {
    const film = await viewers.newFilm('Anna');
    const { pass, session } = await viewers.open(film.token);
    await viewers.append(pass, 0, named(...toTownRight));
    const changes = [{ name: 'name', do: 'correct', value: 'Bo' }];
    const answer = await viewers.post('/viewer/known', { changes }, pass);
    expect(knownChangedSchema.parse(answer.json())).toMatchObject({ outcome: 'changed', restarts: true });

    expect(await viewers.append(pass, 3, named(answerTown('Ulm')))).toMatchObject({
      outcome: 'restart',
      log: [],
    });
    const now = await sessionOf(pass);
    expect(now).toMatchObject({ id: session.id, facts: { name: 'Bo' }, log: [] });
    expect(now.run).toBeGreaterThan(0);
    const barred = await viewers.append(pass, 0, named(start, take('right', 'Right')), now.run);
    expect(barred).toMatchObject({ outcome: 'refused', at: 1, refusal: { reason: 'choice-disabled' } });
    const left = named(...toTown.slice(1), answerTown('Ulm'));
    const gone = await viewers.append(pass, 1, left, now.run);
    expect(gone).toMatchObject({
      outcome: 'appended',
      log: [{ to: 'left' }, { to: 'town' }, { to: 'home' }],
    });
    expect((await viewers.get(gone.clips[homeOf('Ulm')]?.url ?? '', pass)).body).toBe('Ulm');
  });

  it('goes on exactly, or begins anew, when its story has changed: no choice becomes another one', async () => {
    const films = await Promise.all(['Anna', 'Anna', 'Anna'].map((name) => viewers.newFilm(name)));
    const [onLeft, onRight, atHub] = await Promise.all(films.map(({ token }) => viewers.open(token)));
    if (onLeft === undefined || onRight === undefined || atHub === undefined) throw new Error('No session.');
    await viewers.append(onLeft.pass, 0, named(...toTown));
    await viewers.append(onRight.pass, 0, named(...toTownRight));
    await viewers.append(atHub.pass, 0, named(start));
    const { deployment } = viewers.served;
    await viewers.leave();
    viewers = await serveViewers(undefined, {}, { deployment, registry: changed() });

    const kept = await sessionOf(onLeft.pass);
    expect(kept).toMatchObject({
      id: onLeft.session.id,
      run: 0,
      log: [{}, { says: 'Left' }, { to: 'town' }],
    });
    expect(await viewers.append(onLeft.pass, 3, named(answerTown('Kiel')))).toMatchObject({
      outcome: 'appended',
      log: [{ to: 'home' }],
    });

    // The player still has the old story: what it says is not what the choice says now.
    const wrong = await viewers.append(atHub.pass, 1, named(take('right', 'Right')));
    expect(wrong.outcome).not.toBe('appended');
    expect((await sessionOf(atHub.pass)).log).toMatchObject([{ to: 'way' }]);
    expect(await viewers.append(atHub.pass, 1, named(take('right', 'Uphill')))).toMatchObject({
      outcome: 'appended',
      log: [{ to: 'right', says: 'Uphill' }],
    });

    // What was said has gone: not even the choice that is called so now is taken for it.
    expect(await viewers.append(onRight.pass, 3, named(answerTown('Rom')))).toMatchObject({
      outcome: 'restart',
      log: [],
    });
    const anew = await sessionOf(onRight.pass);
    expect(anew).toMatchObject({ id: onRight.session.id, log: [] });
    expect(anew.run).toBeGreaterThan(0);
    const events = named(start, take('straight', 'Right'));
    expect(await viewers.append(onRight.pass, 0, events, anew.run)).toMatchObject({
      outcome: 'appended',
      log: [{ to: 'way' }, { to: 'left', says: 'Right' }],
    });
    expect((await viewers.open(films[1]?.token ?? '')).session).toMatchObject({
      id: onRight.session.id,
      run: anew.run,
      log: [{}, {}],
    });
  });

  it('is answered where its template works for it no more', async () => {
    const { token } = await viewers.newFilm('Zaphodine');
    const { pass } = await viewers.open(token);
    await viewers.append(pass, 0, named(start));
    const serveWith = async (change: (template: Template) => Partial<Template>): Promise<void> => {
      const { deployment } = viewers.served;
      await viewers.leave();
      const registry = testRegistry.map(({ template, ...entry }) => ({
        ...entry,
        template: template.id === 'crossroads' ? { ...template, ...change(template) } : template,
      }));
      viewers = await serveViewers(undefined, {}, { deployment, registry });
    };

    await serveWith(({ story }) => ({
      story: {
        ...story,
        nodes: { ...story.nodes, left: { ...story.nodes['left'], next: 'gone' } as StoryNode },
      },
    }));
    await viewers.open(token);
    const events = named(take('left', 'Left'), { type: 'ended', node: 'left', visit: 1 });
    expect(await viewers.append(pass, 1, events)).toMatchObject({
      ...{ outcome: 'refused', at: 1, refusal: { reason: 'unknown-node' } },
    });

    const derive = (): never => {
      throw new Error('Zaphodine');
    };
    await serveWith(() => ({ facts: { odd: { from: ['name'], derive } } }));
    for (const answer of [
      await viewers.post('/viewer/session', { link: token, carry: 'memory' }),
      await viewers.get('/viewer/session', pass),
      await viewers.post('/viewer/events', { run: 0, after: 1, events: named(take('left', 'Left')) }, pass),
      await viewers.get('/viewer/known', pass),
    ]) {
      expect([answer.statusCode, answer.json()]).toMatchObject([422, { code: 'template-failed' }]);
      expect(answer.body).not.toContain('Zaphodine');
    }
    expect((await viewers.get(`/v/${token}`)).statusCode).toBe(200);
    expect(JSON.stringify(viewers.served.noted)).not.toContain('Zaphodine');
  });
});

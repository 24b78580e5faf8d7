import { describe, expect, it } from 'vitest';
import { fade, make, type Nodes, usual, view } from './test-journey.ts';

describe('a template is refused', () => {
  const to = (transition: object) => view('opening', [{ to: 'tour', transition }]);
  const choosing = { choices: [{ id: 'on', label: 'On', to: 'greeting' }] };
  it.each<readonly [string, Nodes, RegExp]>([
    [
      'an unknown presentation',
      { opening: to({ ...fade, presentation: 'blend' }) },
      /no presentation "blend". Use one of these: clock-wipe, fade,/,
    ],
    [
      'one on a canvas',
      { opening: to({ ...fade, presentation: 'dissolve' }) },
      /"dissolve" needs HTML-in-canvas/,
    ],
    ['too short a scene', usual(27), /scene "opening" lasts 20 frames, and its transitions take 27/],
    ['a scene that its transitions use up', usual(20), /lasts 20 frames, and its transitions take 20/],
    [
      'choices at its end',
      { opening: view('opening', [{ to: 'tour', transition: fade }], choosing) },
      /is known when its viewer has decided/,
    ],
    [
      'a choice with one',
      {
        opening: view('opening', 'tour', {
          choices: [{ id: 'on', label: 'On', to: [{ to: 'tour', transition: fade }] }],
        }),
      },
      /is known when its viewer has decided/,
    ],
    [
      'an edge without one',
      {
        opening: view('opening', [
          { when: { present: 'name' }, to: 'greeting' },
          { to: 'tour', transition: fade },
        ]),
      },
      /All edges of node "opening" need one of 5 frames/,
    ],
    [
      'another way in',
      { greeting: view('greeting', 'tour') },
      /leads there from node "greeting" has none of 5 frames. Give all edges to "tour" one/,
    ],
    [
      'a start',
      { greeting: view('greeting', [{ to: 'opening', transition: fade }]) },
      /leads there from the start has none/,
    ],
    [
      'a node without a view',
      { opening: view('opening', [{ to: 'end', transition: fade }]) },
      /Node "end" shows nothing/,
    ],
    [
      'an unknown node',
      { opening: view('opening', [{ to: 'nowhere', transition: fade }]) },
      /no node "nowhere"/,
    ],
    [
      'a choice that comes back',
      {
        tour: view('tour', 'greeting', {
          choices: [{ id: 'on', label: 'On', to: 'greeting', comesBack: true }],
        }),
      },
      /shown again from its beginning/,
    ],
    [
      'a loop',
      { tour: { ...view('tour', 'greeting', choosing), type: 'hub', while: 'loop' } },
      /shown again from its beginning/,
    ],
    [
      'a hub that may be skipped',
      {
        tour: {
          ...view('tour', 'greeting', {
            choices: [{ id: 'on', label: 'On', to: 'greeting', once: true }],
          }),
          ...{ type: 'hub', while: 'hold' },
        },
      },
      /is skipped where none of its choices is enabled/,
    ],
    [
      'a name that is taken',
      { 'opening-to-tour': view('tour', 'end') },
      /need the name "opening-to-tour", which a node or a scene has already/,
    ],
    [
      'two different ones to one node',
      {
        opening: view('opening', [
          { when: { present: 'name' }, to: 'tour', transition: fade },
          { to: 'tour', transition: { ...fade, presentation: 'wipe' } },
        ]),
      },
      /Two different ones lead there/,
    ],
    [
      'names that cannot be told apart',
      {
        opening: view('opening', [{ to: 'tour-to-greeting', transition: fade }]),
        'tour-to-greeting': view('tour', 'opening-to-tour'),
        'opening-to-tour': view('opening', [{ to: 'greeting', transition: fade }]),
        tour: view('tour', 'end'),
      },
      /need the name "opening-to-tour-to-greeting"/,
    ],
    [
      'a generic view',
      { tour: view('tour', 'greeting', { generic: { scene: 'tour', inputs: {} } }) },
      /has a generic view/,
    ],
  ])('for %s', (_what, nodes, message) => {
    expect(() => make({ ...usual(), ...nodes })).toThrow(message);
  });

  it('only for presentations that are not its own', () => {
    const own = { ...usual(), opening: to({ ...fade, presentation: 'curtain' }) };
    expect(
      make(own, { presentations: ['curtain'] }).scenes['opening-to-tour']?.transition?.presentation,
    ).toBe('curtain');
  });
});

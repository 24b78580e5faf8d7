import { describe, expect, it } from 'vitest';
import { registry } from '../../tests/fixtures/shipped-templates.ts';
import { renewalOffer } from '../../templates/renewal-offer/template.ts';
import type { Link } from './engine/graph.ts';
import { localeOf, localizeStory, storyTexts } from './localized-story.ts';
import type { Template } from './template.ts';
import { tour } from './test-tour.ts';

const linksOf = (
  template: Template,
  ...rest: [locale?: string, link?: Parameters<typeof localizeStory>[2]]
) => {
  const { story } = localizeStory(template, rest[0], rest[1]);
  return Object.entries(story.nodes).flatMap(([id, node]): (readonly [string, Link])[] =>
    node.type === 'cta' ? [[id, node.link]] : [],
  );
};

const translated: Template = {
  ...tour,
  translations: { de: Object.fromEntries(storyTexts(tour).map((text) => [text, `de:${text}`])) },
};

describe('the language of a story', () => {
  it('is that of the locale, or the same language of another country, or its own', () => {
    expect(localizeStory(translated, 'ja-JP')).toMatchObject({ language: 'en', title: tour.title });
    expect(localizeStory(translated, 'de-CH')).toMatchObject({ language: 'de', title: `de:${tour.title}` });
  });

  it('changes every label, question and purpose, and nothing else', () => {
    const { story } = localizeStory(translated, 'de-DE');
    expect(JSON.parse(JSON.stringify(story).replaceAll('"de:', '"'))).toEqual(
      JSON.parse(JSON.stringify(tour.story)),
    );
    const texts = storyTexts({ ...tour, story });
    expect(texts.filter((text) => !text.startsWith('de:'))).toEqual([tour.title, tour.description]);
  });

  it('gives the same story for the same locale and link, since others remember what they know of it', () => {
    const link = { to: 'https://a.example/' };
    expect(localizeStory(tour, 'de-DE', link)).toBe(localizeStory(tour, 'de-DE', { ...link }));
    expect(localizeStory(tour, 'fr-FR').story).toBe(tour.story);
  });

  it.each(registry.map(({ template }) => [template.id, template] as const))(
    'is complete in %s, where it has translations',
    (_, template: Template) => {
      for (const words of Object.values(template.translations ?? {}))
        expect(Object.keys(words).sort()).toEqual([...storyTexts(template)].sort());
    },
  );
});

describe('the link of a campaign', () => {
  const to = 'https://campaign.example/offer';

  it('takes the place of the links that a story has, and keeps their places in the picture', () => {
    const query = { utm_campaign: 'spring' };
    for (const [id, link] of linksOf(renewalOffer, 'de-DE', { to, query })) {
      const before = linksOf(renewalOffer).find(([name]) => name === id)?.[1];
      expect(link).toEqual({
        ...{ to, field: 'link', label: 'Jetzt verlängern', query: { utm_campaign: { value: 'spring' } } },
        ...(before?.button && { button: before.button }),
      });
    }
    expect(localizeStory(renewalOffer, 'de-DE', { to }).story.links).toContain('https://campaign.example');
  });

  it('says what the campaign says, in the language of the viewer where there are several', () => {
    const label = { en: 'Book now', de: 'Jetzt buchen' };
    const said = (locale: string) => linksOf(tour, locale, { to, label }).map(([, link]) => link.label);
    expect(said('de-AT')).toEqual(['Jetzt buchen']);
    expect(said('fr-FR')).toEqual(['Book now']);
    const spoken = (locale: string) =>
      linksOf(translated, locale, { to, label }).map(([, link]) => link.language);
    expect(spoken('de-AT')).toEqual(['de']);
    expect(spoken('fr-FR')).toEqual(['en']);
    // Neither the viewer's language nor the story's is among them.
    expect(linksOf(tour, 'ja', { to, label: { fr: 'Réserver' } })[0]?.[1]).toMatchObject({
      label: 'Réserver',
      language: 'fr',
    });
    expect(linksOf(tour, 'de', { to, label: 'Go' })[0]?.[1]).toMatchObject({ label: 'Go' });
  });

  it('comes with the last scenes of a story that has none', () => {
    const { nodes } = tour.story;
    const scene = { type: 'scene', scene: 'compare', inputs: { plan: { var: 'plan' } } } as const;
    const plain: Template = {
      ...tour,
      story: {
        ...tour.story,
        nodes: {
          ...Object.fromEntries(Object.entries(nodes).filter(([, { type }]) => type !== 'cta')),
          offer: { ...scene, next: 'perhaps' },
          perhaps: { type: 'router', next: [{ when: { visited: 'reports' }, to: 'menu' }, { to: 'end' }] },
        },
      },
    };
    expect(linksOf(plain)).toEqual([]);
    expect(linksOf(plain, 'en', { to: 'tel:+441632960123' })).toEqual([
      ['offer', { to: 'tel:+441632960123', query: {} }],
    ]);
  });
});

it('finds the locale of a record', () => {
  expect(localeOf(renewalOffer, { locale: 'ar-EG', firstName: 'de-DE' })).toBe('ar-EG');
  expect(localeOf(tour, { firstName: 'de-DE' })).toBeUndefined();
});

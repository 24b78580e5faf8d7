import { defineFacts, defineTemplate, type Link } from 'bespoke/template';
import { brand } from './brand.ts';
import { closingArea } from './button.ts';
import { fixtures } from './fixtures.ts';
import { monthFields } from './months.ts';
import { record } from './record.ts';
import { category, greeting, intro, offer, outro, tenure, year } from './scenes.ts';
import { storyWords, translations } from './story-words.ts';
import { tenureAt, tenureBandAt } from './tenure.ts';

const facts = defineFacts(record, {
  months: { from: monthFields, derive: (row) => monthFields.map((month) => row[month]) },
  joined: { from: ['memberSince'], derive: (row) => row.memberSince.slice(0, 7) },
  tenure: { from: ['memberSince'], derive: (row, { asOf }) => tenureAt(row.memberSince, asOf) },
  tenureBand: {
    from: ['memberSince'],
    groups: true,
    derive: (row, { asOf }) => tenureBandAt(row.memberSince, asOf),
  },
});

const site = `https://${brand.website}`;

/** Leads to the customer's own address where their record has one. */
const seeOffer: Link = {
  label: storyWords.call,
  to: `${site}/offer`,
  field: 'link',
  query: { plan: { var: 'plan' }, utm_source: { value: 'video' }, utm_medium: { value: 'year-in-review' } },
};

/** Scene lengths and their order keep to the music: a bar is 72 frames, the groove starts with `year`. */
export const yearInReview = defineTemplate({
  id: 'year-in-review',
  version: 1,
  title: storyWords.title,
  description: storyWords.description,
  translations,
  record,
  formats: ['16:9', '9:16', '1:1'],
  fps: 30,
  facts,
  segments: {},
  scenes: { intro, greeting, category, year, tenure, offer, outro },
  story: {
    version: 2,
    start: 'intro',
    links: [site],
    nodes: {
      intro: { type: 'scene', scene: 'intro', inputs: {}, next: 'greeting' },
      greeting: {
        type: 'scene',
        scene: 'greeting',
        inputs: { firstName: { var: 'firstName' }, photo: { var: 'photoUrl' }, locale: { var: 'locale' } },
        next: 'category',
      },
      category: {
        type: 'scene',
        scene: 'category',
        inputs: { category: { var: 'favouriteCategory' } },
        next: 'year',
      },
      year: {
        type: 'scene',
        scene: 'year',
        inputs: { months: { var: 'months' }, locale: { var: 'locale' } },
        next: 'tenure',
      },
      tenure: {
        type: 'scene',
        scene: 'tenure',
        inputs: {
          tenure: { var: 'tenure' },
          joined: { var: 'joined' },
          city: { var: 'city' },
          locale: { var: 'locale' },
        },
        next: 'offer',
      },
      offer: {
        type: 'cta',
        scene: 'offer',
        inputs: { plan: { var: 'plan' }, tenureBand: { var: 'tenureBand' } },
        link: seeOffer,
        next: 'outro',
      },
      outro: {
        type: 'cta',
        scene: 'outro',
        inputs: {},
        link: { ...seeOffer, button: closingArea },
        next: 'end',
      },
      end: { type: 'end' },
    },
  },
  soundtrack: { file: 'music.wav', gain: 0.8, fadeOutInFrames: 24 },
  poster: { nodes: ['greeting'], frame: 46 },
  teaser: { nodes: ['greeting'], frame: 30, durationInFrames: 90 },
  fixtures,
});

import { defineFacts, defineTemplate, type Link } from 'bespoke/template';
import { brand } from './brand.ts';
import { closingArea } from './button.ts';
import { fixtures } from './fixtures.ts';
import { record } from './record.ts';
import { benefits, comeback, invoice, offer, opening, outro, personal } from './scenes.ts';
import { storyWords, translations } from './story-words.ts';

const site = `https://${brand.website}`;

/** Leads to the customer's own address where their record has one. */
const renew: Link = {
  label: storyWords.renew,
  to: `${site}/renew`,
  field: 'link',
  query: { plan: { var: 'plan' }, utm_source: { value: 'video' }, utm_medium: { value: 'renewal-offer' } },
};

/** Scene lengths keep to the music: a bar is 75 frames, and the music comes home with the outro. */
export const renewalOffer = defineTemplate({
  id: 'renewal-offer',
  version: 1,
  title: storyWords.title,
  description: storyWords.description,
  translations,
  record,
  formats: ['9:16', '1:1', '16:9'],
  fps: 30,
  facts: defineFacts(record, {
    renewalMonth: {
      from: ['renewalDate'],
      groups: true,
      derive: ({ renewalDate }) => renewalDate.slice(0, 7),
    },
  }),
  coarser: { renewalDate: 'renewalMonth' },
  segments: {
    loyal: { eq: [{ var: 'segment' }, 'loyal'] },
    new: { eq: [{ var: 'segment' }, 'new'] },
    atRisk: { eq: [{ var: 'segment' }, 'at-risk'] },
    business: { eq: [{ var: 'segment' }, 'business'] },
  },
  scenes: { opening, comeback, personal, benefits, invoice, offer, outro },
  story: {
    version: 2,
    start: 'open',
    links: [site],
    nodes: {
      open: {
        type: 'router',
        next: [
          { when: { eq: [{ var: 'atRisk' }, true] }, to: 'comeback' },
          { when: { eq: [{ var: 'loyal' }, true] }, to: 'opening-loyal' },
          { when: { eq: [{ var: 'new' }, true] }, to: 'opening-new' },
          { to: 'opening-business' },
        ],
      },
      comeback: { type: 'scene', scene: 'comeback', inputs: {}, next: 'personal' },
      'opening-loyal': {
        type: 'scene',
        scene: 'opening',
        inputs: { segment: { value: 'loyal' } },
        next: 'personal',
      },
      'opening-new': {
        type: 'scene',
        scene: 'opening',
        inputs: { segment: { value: 'new' } },
        next: 'personal',
      },
      'opening-business': {
        type: 'scene',
        scene: 'opening',
        inputs: { segment: { value: 'business' } },
        next: 'personal',
      },
      personal: {
        type: 'scene',
        scene: 'personal',
        inputs: {
          firstName: { var: 'firstName' },
          renewalDate: { var: 'renewalDate' },
          segment: { var: 'segment' },
          locale: { var: 'locale' },
        },
        next: [{ when: { eq: [{ var: 'business' }, true] }, to: 'invoice' }, { to: 'benefits' }],
      },
      benefits: { type: 'scene', scene: 'benefits', inputs: { plan: { var: 'plan' } }, next: 'offer' },
      invoice: { type: 'scene', scene: 'invoice', inputs: { plan: { var: 'plan' } }, next: 'offer' },
      offer: {
        type: 'cta',
        scene: 'offer',
        inputs: { segment: { var: 'segment' }, plan: { var: 'plan' } },
        link: renew,
        next: 'outro',
      },
      outro: {
        type: 'cta',
        scene: 'outro',
        inputs: {},
        link: { ...renew, button: closingArea },
        next: 'end',
      },
      end: { type: 'end' },
    },
  },
  soundtrack: { file: 'music.wav', gain: 0.8, fadeOutInFrames: 20 },
  poster: { nodes: ['personal'], frame: 46 },
  teaser: { nodes: ['personal'], frame: 4, durationInFrames: 64 },
  fixtures,
});

import { defineFacts, defineTemplate, type Link, sum, sumMoney, top } from 'bespoke/template';
import { brand } from './brand.ts';
import { closingArea } from './button.ts';
import { fixtures } from './fixtures.ts';
import { record } from './record.ts';
import { closing, greeting, opening, product, total } from './scenes.ts';
import { storyWords, translations } from './story-words.ts';

const site = `https://${brand.website}`;

/** Leads to the parcel where the record has its address. */
const track: Link = {
  label: storyWords.track,
  to: `${site}/orders`,
  field: 'link',
  query: { utm_source: { value: 'video' }, utm_medium: { value: 'order-story' } },
};

/** So many products have a scene of their own; the receipt lists the others too. */
const mostShown = 3;

export const orderStory = defineTemplate({
  id: 'order-story',
  version: 1,
  title: storyWords.title,
  description: storyWords.description,
  translations,
  voice: 'optional',
  record,
  formats: ['16:9', '9:16'],
  fps: 30,
  facts: defineFacts(record, {
    shown: {
      from: ['products'],
      itemsOf: 'products',
      derive: ({ products }) => top(products, mostShown, ({ price }) => price.amount),
    },
    count: { from: ['products'], derive: ({ products }) => sum(products, ({ quantity }) => quantity) },
    total: {
      from: ['products'],
      derive: ({ products }) =>
        sumMoney(products, ({ price, quantity }) => ({ ...price, amount: price.amount * quantity })),
    },
  }),
  scenes: { opening, greeting, product, total, closing },
  story: {
    version: 2,
    start: 'opening',
    links: [site],
    nodes: {
      opening: {
        type: 'scene',
        scene: 'opening',
        inputs: { store: { var: 'store' }, accent: { var: 'accent' } },
        next: 'greeting',
      },
      greeting: {
        type: 'scene',
        scene: 'greeting',
        inputs: {
          firstName: { var: 'firstName' },
          firstNameSaid: { var: 'firstNameSaid' },
          store: { var: 'store' },
          accent: { var: 'accent' },
          count: { var: 'count' },
          products: { var: 'products' },
        },
        next: 'product',
      },
      product: {
        type: 'scene',
        scene: 'product',
        each: 'shown',
        inputs: {
          name: { item: 'name' },
          detail: { item: 'detail' },
          price: { item: 'price' },
          picture: { item: 'picture' },
          locale: { var: 'locale' },
          accent: { var: 'accent' },
        },
        next: 'total',
      },
      total: {
        type: 'cta',
        scene: 'total',
        inputs: {
          products: { var: 'products' },
          total: { var: 'total' },
          arrives: { var: 'arrives' },
          locale: { var: 'locale' },
          accent: { var: 'accent' },
        },
        link: track,
        next: 'closing',
      },
      closing: {
        type: 'cta',
        scene: 'closing',
        inputs: { store: { var: 'store' }, accent: { var: 'accent' }, words: { var: 'closing' } },
        link: { ...track, button: closingArea },
        next: 'end',
      },
      end: { type: 'end' },
    },
  },
  soundtrack: { file: 'music.wav', gain: 0.8, fadeOutInFrames: 45, underSpeech: 0.3 },
  poster: { nodes: ['greeting'], frame: 60 },
  teaser: { nodes: ['greeting'], frame: 4, durationInFrames: 80 },
  fixtures,
});

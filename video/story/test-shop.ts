import { z } from 'zod';
import {
  defineFacts,
  defineScene,
  defineTemplate,
  imageInput,
  imageUrl,
  list,
  money,
  moneyInput,
  object,
  sumMoney,
  text,
  top,
} from '../template.ts';

/** The record of a template for tests: what a customer bought. */
export const record = {
  firstName: text({ label: 'First name', personal: true }),
  address: object({
    label: 'Address',
    optional: true,
    fields: { city: text({ label: 'City', personal: false }) },
  }),
  products: list({
    label: 'Products',
    max: 50,
    fields: {
      name: text({ label: 'Name', personal: false }),
      price: money({ label: 'Price', personal: false, currency: 'EUR' }),
      picture: imageUrl({ label: 'Picture', personal: false }),
      gift: text({ label: 'For', personal: true, optional: true }),
    },
  }),
};

/** What is derived from it. */
export const facts = defineFacts(record, {
  total: {
    from: ['products'],
    derive: ({ products }) => sumMoney(products, ({ price }) => price),
  },
  dearest: {
    from: ['products'],
    itemsOf: 'products',
    derive: ({ products }) => top(products, 2, ({ price }) => price.amount),
  },
});

/** Its scenes. */
export const scenes = {
  hello: defineScene({
    inputs: z.object({ firstName: z.string() }),
    durationInFrames: 10,
    captions: ({ firstName }) => [{ fromFrame: 0, toFrame: 10, text: `Hello ${firstName}` }],
  }),
  product: defineScene({
    inputs: z.object({ name: z.string(), picture: imageInput, price: moneyInput }),
    durationInFrames: ({ name }) => 10 + name.length,
    captions: ({ name }) => [{ fromFrame: 0, toFrame: 9, text: name }],
  }),
  all: defineScene({
    inputs: z.object({
      products: z.array(z.object({ name: z.string(), picture: imageInput })),
      city: z.string().optional(),
    }),
    durationInFrames: 10,
    captions: () => [{ fromFrame: 0, toFrame: 10, text: 'All' }],
  }),
};

/** A template for tests, with a scene for each product. */
export const shop = defineTemplate({
  id: 'shop',
  record,
  facts,
  scenes,
  segments: { buys: { gte: [{ length: 'products' }, 2] } },
  story: {
    version: 2,
    start: 'hello',
    nodes: {
      hello: {
        type: 'scene',
        scene: 'hello',
        inputs: { firstName: { var: 'firstName' } },
        next: 'product',
      },
      product: {
        type: 'scene',
        each: 'products',
        scene: 'product',
        inputs: { name: { item: 'name' }, picture: { item: 'picture' }, price: { item: 'price' } },
        next: 'all',
      },
      all: {
        type: 'scene',
        scene: 'all',
        inputs: { products: { var: 'dearest' }, city: { var: 'address', item: 'city' } },
        next: 'end',
      },
      end: { type: 'end' },
    },
  },
  poster: { nodes: ['product', 'hello'], frame: 0 },
});

/** In euros. */
export const price = (amount: number) => ({ amount, currency: 'EUR' });
/** A product with a picture. */
export const mug = { name: 'Mug', price: price(12.5), picture: 'https://shop.example/mug.jpg' };
/** A product. */
export const cap = { name: 'Cap', price: price(20) };
const pen = { name: 'Pen', price: price(2) };
/** A customer who bought all three. */
export const anna = { firstName: 'Anna', products: [mug, cap, pen], address: { city: 'Wien' } };
/** The picture of the mug. */
export const picture = { kind: 'stored', hash: 'a'.repeat(64) } as const;
/** Pictures of Anna's record. */
export const images = { 'products[0].picture': picture };

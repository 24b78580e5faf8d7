import { expect, it } from 'vitest';
import { tidyDocument } from './openapi.ts';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

it('keeps the schemas that routes refer to, under their own names, and writes headers as curl does', () => {
  const document = {
    paths: {
      '/a': {
        parameters: [
          { in: 'header', name: 'idempotency-key' },
          { in: 'header', name: 'last-event-id' },
          { in: 'query', name: 'page-size' },
        ],
        body: ref('OrderInput'),
        answer: ref('Video'),
        other: ref('VideoInput'),
      },
    },
    components: {
      schemas: {
        OrderInput: { item: ref('Item') },
        Order: {},
        Item: {},
        Video: {},
        VideoInput: {},
        Lost: {},
      },
    },
  };
  expect(tidyDocument(document)).toEqual({
    paths: {
      '/a': {
        parameters: [
          { in: 'header', name: 'Idempotency-Key' },
          { in: 'header', name: 'Last-Event-ID' },
          { in: 'query', name: 'page-size' },
        ],
        body: ref('Order'),
        answer: ref('Video'),
        other: ref('VideoInput'),
      },
    },
    components: { schemas: { Order: { item: ref('Item') }, Item: {}, Video: {}, VideoInput: {} } },
  });
});

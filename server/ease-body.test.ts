import { expect, it } from 'vitest';
import { easeBody } from './ease-body.ts';

it('takes null and empty texts for fields that are not set, and numbers for ids and metadata', () => {
  const body = {
    ...{ template: 'renewal-offer', format: null, webhookUrl: '', customerId: 1093, linkKey: 2026, limit: 3 },
    record: { firstName: null, plan: '' },
    metadata: { ticket: 17, urgent: true, empty: '', none: null, note: 'x' },
  };
  expect(easeBody(body)).toEqual({
    ...{ template: 'renewal-offer', customerId: '1093', linkKey: '2026', limit: 3 },
    record: { firstName: null, plan: '' },
    metadata: { ticket: '17', urgent: 'true', note: 'x' },
  });
  for (const other of [null, undefined, 'text', [1], 7]) expect(easeBody(other)).toEqual(other);
});

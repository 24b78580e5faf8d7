import type { z } from 'zod';
import { type namedPersonSchema, welcomeSchema } from '../server/schemas/person.ts';
import { personExportSchema, receiptSchema } from '../worker/people/people-schema.ts';
import { type Timeline, timelineSchema } from '../worker/people/timeline-schema.ts';
import type { CallOptions } from './requests.ts';
import type { Transport } from './transport.ts';

/** Whose data is meant. */
export type PersonName = z.input<typeof namedPersonSchema>;
export type PersonExport = z.output<typeof personExportSchema>;
export type ErasureReceipt = z.output<typeof receiptSchema>;

/** Calls about one person. */
export const peopleCalls = ({ ask }: Pick<Transport, 'ask'>) => ({
  exportPerson: (person: PersonName, { signal }: CallOptions = {}): Promise<PersonExport> =>
    ask(personExportSchema, {
      method: 'POST',
      path: '/v1/people/export',
      json: person,
      repeatable: true,
      signal,
    }),
  /** What happened with their videos. */
  readTimeline: (person: PersonName, { signal }: CallOptions = {}): Promise<Timeline> =>
    ask(timelineSchema, {
      method: 'POST',
      path: '/v1/people/timeline',
      json: person,
      repeatable: true,
      signal,
    }),
  erasePerson: (person: PersonName, { signal }: CallOptions = {}): Promise<ErasureReceipt> =>
    ask(receiptSchema, { method: 'POST', path: '/v1/people/erase', json: person, signal }),
  welcomePerson: (
    person: { readonly customerId: string },
    { signal }: CallOptions = {},
  ): Promise<z.output<typeof welcomeSchema>> =>
    ask(welcomeSchema, { method: 'POST', path: '/v1/people/welcome', json: person, signal }),
});

import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { createApiKeys } from '../../worker/adapters/database/api-keys.ts';
import { createDeliveries } from '../../worker/adapters/database/deliveries.ts';
import { createOrders } from '../../worker/adapters/database/orders.ts';
import { createPeople } from '../../worker/adapters/database/people.ts';
import type { ApiKeys } from '../../worker/core/api-keys.ts';
import type { Deliveries, Delivery } from '../../worker/core/deliveries.ts';
import type { Order, Orders } from '../../worker/core/orders.ts';
import type { People } from '../../worker/core/people.ts';
import { createViewerData } from '../../worker/adapters/database/viewer-data.ts';
import { createViewings } from '../../worker/adapters/database/viewings.ts';
import { createWorkers } from '../../worker/adapters/database/workers.ts';
import type { ViewerData } from '../../worker/core/viewer-data.ts';
import type { Viewings } from '../../worker/core/viewings.ts';
import type { Workers } from '../../worker/core/workers.ts';
import { pgliteLedgers, postgresLedgers, type LedgerBackend } from './ledger-bench.ts';

/** A database of its own, and everything that is kept in one. */
export interface TablesBackend extends LedgerBackend {
  readonly orders: Orders;
  readonly apiKeys: ApiKeys;
  readonly deliveries: Deliveries;
  readonly people: People;
  readonly viewings: Viewings;
  readonly viewerData: ViewerData;
  readonly workers: Workers;
}

/** Adds what the same database holds besides. */
export const withTables = (backend: LedgerBackend): TablesBackend => ({
  ...backend,
  orders: createOrders(backend.connection),
  apiKeys: createApiKeys(backend.connection),
  deliveries: createDeliveries(backend.connection),
  people: createPeople(backend.connection),
  viewings: createViewings(backend.connection),
  viewerData: createViewerData(backend.connection),
  workers: createWorkers(backend.connection, { alone: false }),
});

/** Every database that tables are kept in, by name. */
export const tableBackends: readonly (readonly [string, () => Promise<TablesBackend>])[] = [
  ['PGlite', async () => withTables(await pgliteLedgers())],
  ['PostgreSQL', async () => withTables(await postgresLedgers(inject('postgresUrl')))],
];

/** An order of two rows, unless told otherwise. */
export const orderDraft = (changes: Partial<Order> = {}): Order => {
  const id = randomUUID();
  return {
    id,
    identity: id,
    template: 'template',
    format: '16:9',
    asOf: '2026-11-24',
    kind: 'campaign',
    quality: 'draft',
    priority: 10,
    source: { kind: 'csv', file: 'f.csv', fileName: 'people.csv', map: [], idColumn: undefined },
    rows: 2,
    webhookUrl: 'https://hooks.example/bespoke',
    metadata: {},
    createdAt: new Date('2026-11-24T10:00:00.123Z'),
    ...changes,
  };
};

/** An order of one record. */
export const renderDraft = (changes: Partial<Order> = {}): Order =>
  orderDraft({ kind: 'render', rows: 1, source: { kind: 'record', record: { name: 'Zoë' } }, ...changes });

/** All messages that an order owes or has sent, oldest first. */
export async function deliveriesOf(deliveries: Deliveries, order: string): Promise<readonly Delivery[]> {
  const { deliveries: page } = await deliveries.list({ order }, undefined, 100);
  return page.toReversed();
}

import type { Order } from '../campaigns.ts';
import type { Job } from '../ports.ts';

/** The job that records an order's rows. */
export function planJob({ id, kind }: Pick<Order, 'id' | 'kind'>): Job {
  switch (kind) {
    case 'render':
      return { name: 'plan-render', order: id };
    case 'campaign':
      return { name: 'plan-campaign', order: id };
    default:
      return kind satisfies never;
  }
}

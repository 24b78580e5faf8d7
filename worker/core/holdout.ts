import type { Hmac } from './hmac.ts';

/** A control group: customers who get no video, so that those who do can be compared with them. */
export interface Holdout {
  /** Of the customers: above 0, and at most `mostHeldOut`. */
  readonly share: number;
  /** Orders with the same key hold out the same customers; a larger share holds out further ones. */
  readonly key: string;
}

/** A larger control group leaves too few who get a video. */
export const mostHeldOut = 0.9;

/** More variants of a story leave too few customers for each. */
export const mostVariants = 10;

/** 2 to the power of 52: as many bits as a number holds exactly. */
const steps = 2 ** 52;

/** Draws a number from 0 up to 1 for a customer or a render: always the same for a purpose and key, and another one for each. */
export const drawUniform = (
  hmac: Hmac,
  purpose: 'holdout' | 'variant' | 'proof',
  key: string,
  person: string,
): number => Number.parseInt(hmac(purpose, { key, person }).slice(0, 13), 16) / steps;

/**
 * Whether a customer is held out. Deterministic, so that repetitions, retries and forecasts agree, and independent of
 * everything that is known of the customer.
 *
 * @param person HMAC of the customer's id; a row that names nobody is never held out.
 */
export function isHeldOut(hmac: Hmac, { share, key }: Holdout, person: string | undefined): boolean {
  if (person === undefined) return false;
  return drawUniform(hmac, 'holdout', key, person) < share;
}

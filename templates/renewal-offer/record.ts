import { choice, isoDate, linkUrl, locale, text } from 'bespoke/template';

export const segments = ['loyal', 'new', 'at-risk', 'business'] as const;
export const plans = ['Basic', 'Plus', 'Premium'] as const;

/** What one row must hold. */
export const record = {
  firstName: text({
    label: 'First name',
    means: 'first name',
    personal: true,
    maxLength: 80,
    fallback: 'Hello',
    example: 'Anna',
  }),
  segment: choice(segments, {
    label: 'Segment',
    personal: false,
    means: 'segment',
  }),
  renewalDate: isoDate({
    label: 'Renewal date',
    sensible: 'next 2 years',
    personal: true,
    means: 'renewal date',
    example: '2026-03-14',
  }),
  plan: choice(plans, { label: 'Plan', personal: false, means: 'plan' }),
  locale: locale({
    label: 'Locale',
    personal: false,
    optional: true,
    fallback: 'en-GB',
    means: 'language',
    example: 'de-DE',
  }),
  link: linkUrl({
    label: 'Link',
    personal: true,
    optional: true,
    means: 'link',
    example: 'https://solen.example/renew?customer=1093',
  }),
};

export type Segment = (typeof segments)[number];
export type Plan = (typeof plans)[number];

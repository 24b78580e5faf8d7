import { describe, expect, it } from 'vitest';
import { checkRecord } from '../../data/check-record.ts';
import { linkUrl } from '../../data/fields.ts';
import { checkLinks } from './check-links.ts';

const fields = {
  link: linkUrl({ label: 'Link', personal: true, optional: true, fallback: 'https://own.example/' }),
};
const read = (link: string) => checkRecord(fields, { link });

describe('a field with an address', () => {
  it.each([
    ['https://shop.example.com/offer?c=1&sig=a%20b', 'https://shop.example.com/offer?c=1&sig=a%20b'],
    ['HTTPS://Shop.Example.com', 'https://shop.example.com/'],
    ['tel:+44 1632', undefined],
    ['tel:+441632960123', 'tel:+441632960123'],
    ['mailto:hello@example.com?subject=Hi', 'mailto:hello@example.com?subject=Hi'],
    ['mailto:', undefined],
    ['tel:x', undefined],
    ['http://shop.example.com/', undefined],
    ['https://user:secret@shop.example.com/', undefined],
    ['javascript:alert(1)', undefined],
    ['JavaScript:alert(1)', undefined],
    ['data:text/html,<script>', undefined],
    ['//shop.example.com/', undefined],
    ['https:\\\\shop.example.com', undefined],
    ['shop.example.com', undefined],
  ])('reads %s as %s', (link, value) => {
    const check = read(link);
    expect(check.ok ? check.record.link : undefined).toBe(value);
  });

  it('may lead to origins that the deployment lists, and to its own fallback', () => {
    const faults = (link: string, origins: readonly string[]) => checkLinks(fields, { link }, origins).length;
    expect(faults('https://shop.example.com/a', ['https://shop.example.com'])).toBe(0);
    expect(faults('https://shop.example.com:8443/a', ['https://shop.example.com'])).toBe(1);
    expect(faults('https://shop.example.com.evil.example/', ['https://shop.example.com'])).toBe(1);
    expect(faults('tel:+441632960123', ['https://shop.example.com'])).toBe(1);
    expect(faults('tel:+441632960123', ['tel:'])).toBe(0);
    expect(faults('https://own.example/', [])).toBe(0);
  });

  it('names the setting where an origin is missing, and no more of the address', () => {
    const [issue] = checkLinks(fields, { link: 'https://shop.example.com/secret?c=1093' }, []);
    expect(issue?.message).toBe(
      'Link leads to https://shop.example.com, which this deployment does not allow; correct the address, or ask the operator to add it to BESPOKE_LINK_ORIGINS, which lists none.',
    );
  });
});

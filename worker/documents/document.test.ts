import { describe, expect, it } from 'vitest';
import { bar, command, document, figures, finding, list, meter, section, table, tag } from './document.ts';
import { markup } from './html.ts';

const evil = `"><script>alert('1')</script><img src=x onerror=alert(2)>`;

describe('a document', () => {
  const page = document({
    title: evil,
    subtitle: evil,
    body: [
      section(evil, [
        list([evil, markup`<b>${evil}</b>`]),
        table(evil, [{ title: evil }, { title: evil, align: 'end' }], [[evil, evil]]),
        figures([{ name: evil, value: evil, note: evil }]),
        finding(tag(evil, 'bad'), evil, evil),
        command(evil),
        meter(2, evil, 'good'),
        bar(1, 0, evil),
      ]),
    ],
    footer: [evil],
  });

  it('escapes every value', () => {
    expect(page).not.toMatch(/<script|<img/);
    expect(page).toContain('&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;');
  });

  it('loads nothing, runs nothing, and says so', () => {
    expect(page).not.toMatch(/<[^<>]*\s(?:src|href|on\w+)="(?!data:,")|@import|url\(|https?:/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('keeps bars within their tracks', () => {
    expect(page).toContain('width:100.0%');
    expect(page).toContain('width:0.0%');
    expect(meter(Number.NaN, '', 'plain').text).toContain('width:0.0%');
  });
});

import { describe, expect, it } from 'vitest';
import { contrast } from '../../video/kit/contrast.ts';
import { bar, command, document, figures, finding, list, meter, section, table, tag } from './document.ts';
import { markup } from './html.ts';
import { documentStyle } from './style.ts';

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

describe('colours', () => {
  const [, light = '', dark = ''] = documentStyle.split(':root {');
  const tokens = (rules: string) => {
    const [block = ''] = rules.split('}');
    return new Map(Array.from(block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g), ([, name, hex]) => [name, hex]));
  };
  const pairs = [
    ...(['page', 'card'] as const).flatMap((ground) => [
      ['text', ground] as const,
      ['quiet', ground] as const,
    ]),
    ...(['good', 'care', 'bad'] as const).map((tone) => [tone, `${tone}-ground`] as const),
    ['text', 'track'] as const,
  ];

  it.each([
    ['light', tokens(light)],
    ['dark', tokens(dark)],
  ])('read at 4.5:1 or more on %s screens', (_, colours) => {
    for (const [text, ground] of pairs) {
      const found = contrast(colours.get(text) ?? '', colours.get(ground) ?? '');
      expect(found, `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});

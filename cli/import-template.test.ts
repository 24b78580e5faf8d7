import { describe, expect, it } from 'vitest';
import type { ProjectComposition } from '../worker/adapters/render/read-project.ts';
import { importTemplate } from './import-template.ts';

const places = { root: '/project/src/index.ts', folder: '/films/templates/hello' };

const imported = (defaultProps: ProjectComposition['defaultProps']) =>
  importTemplate(
    { id: 'Hello', width: 1280, height: 720, fps: 30, durationInFrames: 60, defaultProps, isComputed: false },
    'hello',
    places,
  );

describe('a prop of a composition', () => {
  it.each([
    [true, "boolean({ label: 'Some prop', personal: true, example: 'yes' })", 'z.boolean()'],
    [false, "boolean({ label: 'Some prop', personal: true, example: 'no' })", 'z.boolean()'],
    ['#F80', "color({ label: 'Some prop', personal: true, example: '#F80' })", 'z.string()'],
    ['2026-05-03', "isoDate({ label: 'Some prop', personal: true, example: '2026-05-03' })", 'z.string()'],
    [
      'Dear Anna,\n\nhello',
      "paragraphs({ label: 'Some prop', personal: true, example: 'Dear Anna,\\n\\nhello' })",
      'z.string()',
    ],
    ['Anna\n', "text({ label: 'Some prop', personal: true, example: 'Anna\\n' })", 'z.string()'],
    ['Anna', "text({ label: 'Some prop', personal: true, example: 'Anna' })", 'z.string()'],
  ])('that is %j becomes a field', (value, declaration, input) => {
    const { contract, fields, kept } = imported({ someProp: value });
    expect(contract).toContain(`someProp: ${declaration},`);
    expect(contract).toContain(`someProp: ${input},`);
    expect(contract).toMatch(new RegExp(`import \\{ .*\\b${declaration.split('(')[0]}\\b.* \\} from`));
    expect([fields, kept]).toEqual([['someProp'], []]);
  });

  it('that is a list of objects, or an object, becomes one with fields of its own', () => {
    const { contract, fields } = imported({
      items: [
        { name: 'Mug', price: 18, photo: 'https://example.com/mug.png', note: 'blue' },
        { name: 'Bowl', price: 39, photo: 'https://example.com/bowl.png' },
      ],
      shop: { city: 'Hof', opened: '2020-05-01' },
    });
    expect(fields).toEqual(['items', 'shop']);
    const source = contract.replaceAll(/\s+/g, ' ');
    expect(source).toContain("items: list({ label: 'Items', fields: { name: text(");
    expect(source).toContain(
      "note: text({ label: 'Note', personal: true, example: 'blue', optional: true })",
    );
    expect(source).toContain(
      'z.array(z.object({ name: z.string(), price: z.number(), photo: imageInput, note: z.string().optional() }))',
    );
    expect(source).toContain("shop: object({ label: 'Shop', fields: { city: text(");
    expect(source).toContain('shop: z.object({ city: z.string(), opened: z.string() })');
    expect(contract).toMatch(
      /import \{ .*imageInput.*imageUrl.*isoDate.*list.*number.*object.*text.* \} from/,
    );
  });

  it.each<{ readonly value: ProjectComposition['defaultProps'][string] }>([
    { value: ['a', 'b'] },
    { value: [] },
    { value: [{ x: null }] },
    { value: [{ a: 1 }, 2] },
    { value: { colour: 'rgba(0, 0, 0, 0.5)', name: 'x' } },
    { value: { x: [] } },
  ])('that is $value keeps its default', ({ value }) =>
    expect(imported({ someProp: value }).kept).toEqual(['someProp']),
  );

  it.each(['#ff8800cc', 'rgba(0, 0, 0, 0.5)', 'hsl(0 100% 50%)', '', null])(
    'that is %j keeps its default',
    (value) => expect(imported({ someProp: value }).kept).toEqual(['someProp']),
  );
});

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

  it.each(['#ff8800cc', 'rgba(0, 0, 0, 0.5)', 'hsl(0 100% 50%)', '', null, { x: 1 }])(
    'that is %j keeps its default',
    (value) => expect(imported({ someProp: value }).kept).toEqual(['someProp']),
  );
});

import { describe, expect, it } from 'vitest';
import { describeFailure } from './describe-failure.ts';

describe('describeFailure', () => {
  it('keeps kind and place and leaves out what was quoted', () => {
    const error = new SyntaxError('Unexpected token in JSON: "Zoë O’Neill" at position 4');
    const text = describeFailure(error);
    expect(text).toContain('SyntaxError: Unexpected token in JSON');
    expect(text).toContain('describe-failure.test.ts');
    expect(text).not.toContain('Zoë');
  });

  it('leaves out further lines, addresses and URLs, also of causes', () => {
    const cause = new Error('fetch of https://crm.example/p/zoe.jpg for zoe@example.com failed');
    const text = describeFailure(new Error('Failed query: select 1\nparams: Zoë', { cause }));
    expect(text).toContain('caused by Error: fetch of <url> for <address> failed');
    expect(text).not.toMatch(/zoe|Zoë/);
  });
});

import { describe, expect, it } from 'vitest';
import { allows, type ApiKey, createKeyVerifier, makeApiKey } from './keys.ts';

function fakeKeys() {
  const { text, key } = makeApiKey('CRM', ['render']);
  const made: ApiKey = { ...key, createdAt: new Date(0), revokedAt: undefined };
  const state = { found: made, asked: 0, time: 0 };
  const verify = createKeyVerifier(
    {
      find: async (id) => {
        state.asked += 1;
        return id === made.id ? state.found : undefined;
      },
    },
    () => new Date(state.time),
  );
  return { text, made, state, verify };
}

describe('createKeyVerifier', () => {
  it('finds the key that a text stands for', async () => {
    const { text, made, verify } = fakeKeys();
    expect(text).toMatch(/^bsp_[0-9a-f]{12}_[\w-]{43}$/);
    expect(await verify(text)).toEqual(made);
    expect(JSON.stringify(made)).not.toContain(text.slice(-43));
  });

  it('refuses another secret of the same key, also after the key was found', async () => {
    const { text, made, verify } = fakeKeys();
    const other = `bsp_${made.id}_${makeApiKey('other', []).text.slice(-43)}`;
    expect(await verify(other)).toBeUndefined();
    expect(await verify(text)).toEqual(made);
    expect(await verify(other)).toBeUndefined();
  });

  it('asks nobody about what cannot be a key', async () => {
    const { text, state, verify } = fakeKeys();
    for (const wrong of [
      '',
      'bsp_',
      `${text}A`,
      text.slice(0, -1),
      `x${text}`,
      `${text}\n`,
      "bsp_' or 1=1_x",
    ]) {
      expect(await verify(wrong)).toBeUndefined();
    }
    expect(state.asked).toBe(0);
  });

  it('remembers a key for less than two seconds, so that revoking it takes effect', async () => {
    const { text, made, state, verify } = fakeKeys();
    await verify(text);
    state.found = { ...made, revokedAt: new Date(1) };
    state.time = 1_999;
    expect(await verify(text)).toEqual(made);
    expect(state.asked).toBe(1);
    state.time = 2_000;
    expect(await verify(text)).toBeUndefined();
    expect(await verify(text)).toBeUndefined();
    expect(state.asked).toBe(3);
  });
});

describe('allows', () => {
  it('lets admin do everything, and render not read', () => {
    const { made } = fakeKeys();
    expect(allows(made, 'render')).toBe(true);
    expect(allows(made, 'read')).toBe(false);
    expect(allows({ ...made, scopes: ['admin'] }, 'read')).toBe(true);
  });
});

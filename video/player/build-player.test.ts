import { expect, it } from 'vitest';
import { buildPlayer } from './build-player.ts';

it('the file for embedding pages does nothing where there are no elements, as on a server', async () => {
  const { files, embed } = await buildPlayer();
  const source = files.get(embed)?.body.toString('base64') ?? '';
  expect(source).not.toBe('');
  await import(/* @vite-ignore */ `data:text/javascript;base64,${source}`);
  expect('customElements' in globalThis).toBe(false);
});

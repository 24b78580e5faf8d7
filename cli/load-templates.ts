import type { Registry } from '../video/story/registry.ts';
import { errors } from '../errors/messages.ts';
import type { Deployment } from './context.ts';
import { plain, type Terminal } from './terminal.ts';

/**
 * Loads the templates when they are first needed, and says once which of them are left out.
 *
 * @param load imports the registry.
 */
export function loadTemplatesOnce(
  load: Deployment['loadRegistry'],
  { say, paint }: Pick<Terminal, 'say' | 'paint'>,
): Deployment['loadRegistry'] {
  let loaded: Promise<Registry> | undefined;
  async function loadAndSay(): Promise<Registry> {
    const registry = await load();
    if (registry.broken === undefined || registry.broken.length === 0) return registry;
    const { explainBroken } = await import('../worker/adapters/render/explain-broken.ts');
    const explained = await explainBroken(registry);
    for (const broken of explained.broken ?? []) {
      say(paint.yellow(plain(`Left out   ${errors.templateBroken(broken).message}`)));
    }
    return explained;
  }
  return () => (loaded ??= loadAndSay());
}

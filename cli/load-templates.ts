import type { Registry } from '../video/story/registry.ts';
import { errors } from '../errors/messages.ts';
import type { Deployment } from './context.ts';
import { plain, type Terminal } from './terminal.ts';

/** The deployment around the working directory, with the templates that are found there. */
export const ownDeployment = (environment: Readonly<Record<string, string | undefined>>): Deployment => ({
  loadRegistry: async () => {
    const [{ findTemplates }, { loadTemplates }] = await Promise.all([
      import('../worker/adapters/templates/find-templates.ts'),
      import('../worker/adapters/templates/load-templates.ts'),
    ]);
    return loadTemplates(findTemplates(environment, process.cwd()).templates);
  },
});

/**
 * Loads the templates when they are first needed, and says once which of them are left out.
 *
 * @param load finds and loads them.
 */
export function loadTemplatesOnce(
  load: Deployment['loadRegistry'],
  { say, paint }: Pick<Terminal, 'say' | 'paint'>,
): Deployment['loadRegistry'] {
  let loaded: Promise<Registry> | undefined;
  async function loadAndSay(): Promise<Registry> {
    const registry = await load();
    for (const broken of registry.broken ?? []) {
      say(paint.yellow(plain(`Left out   ${errors.templateBroken(broken).message}`)));
    }
    return registry;
  }
  return () => (loaded ??= loadAndSay());
}

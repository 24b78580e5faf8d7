import { errors } from '../../errors/messages.ts';
import { findTemplate, type Registry, type RegistryEntry } from '../../video/story/registry.ts';

/** @throws BespokeError `template-broken` when it cannot be loaded. */
export function refuseBroken(registry: Registry, id: string): void {
  const broken = registry.broken?.find((each) => each.id === id);
  if (broken !== undefined) throw errors.templateBroken(broken, { cause: broken.cause });
}

/**
 * The template of work that was accepted earlier, or by another process.
 *
 * @throws BespokeError `template-broken`; `template-unknown` when this process does not have it.
 */
export function requireTemplate(registry: Registry, id: string): RegistryEntry {
  const found = findTemplate(registry, id);
  if (found !== undefined) return found;
  refuseBroken(registry, id);
  throw errors.templateNotHere({ template: id });
}

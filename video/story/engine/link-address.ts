import { member } from './condition.ts';
import type { Link } from './graph.ts';
import { readVariables, type Walk, type World } from './walk.ts';

/** Whether a story may lead to an address: https, one of its origins, no parameters of its own. */
export function isAllowedLink(links: readonly string[], to: string): boolean {
  if (!URL.canParse(to)) return false;
  const url = new URL(to);
  const plain = url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return plain && url.protocol === 'https:' && links.includes(url.origin);
}

/** The address of a call to action at this point of the walk; `undefined` for one that is not allowed. */
export function linkAddress(world: World, walk: Walk, { to, query = {} }: Link): string | undefined {
  if (!isAllowedLink(world.story.links, to)) return undefined;
  const url = new URL(to);
  const variables = readVariables(world, walk.variables);
  for (const [name, binding] of Object.entries(query)) {
    const value = 'var' in binding ? member(variables, binding.var) : binding.value;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      url.searchParams.set(name, String(value));
  }
  return url.href;
}

import { personalVariables } from '../bind.ts';
import { isAllowedLink } from '../engine/link-address.ts';
import type { Template } from '../template.ts';
import { finding, quote, type Finding } from './finding.ts';

/** Links that lead where the story may not, or that carry what is personal. */
export function checkLinks(template: Template): readonly Finding[] {
  const { story } = template;
  const personal = personalVariables(template);
  return Object.entries(story.nodes).flatMap(([id, node]) => {
    if (node.type !== 'cta') return [];
    const { to, query = {} } = node.link;
    const carried = Object.values(query).flatMap((each) =>
      'var' in each && personal.has(each.var) ? [each.var] : [],
    );
    return [
      ...(isAllowedLink(story.links, to)
        ? []
        : [
            finding(
              'link-not-allowed',
              { node: id },
              `The link of node ${quote(id)} leads to ${to}, which is not allowed.`,
            ),
          ]),
      ...carried.map((name) =>
        finding(
          'personal-in-link',
          { node: id },
          `The link of node ${quote(id)} carries ${quote(name)}, which is personal.`,
        ),
      ),
    ];
  });
}

import { leafFields } from '../../data/leaves.ts';
import { isFetched } from '../../data/record.ts';
import { personalVariables } from '../../video/story/bind.ts';
import type { Template } from '../../video/story/template.ts';
import type { LinkPreview } from '../core/campaigns.ts';
import { canWithhold, correctionOf, type NamesUsed } from '../people/known-view.ts';
import type { Advice } from './advice-schema.ts';
import { sayList, sayMany } from './words.ts';

/** What of a request and a deployment matters to privacy. */
export interface PrivacyTerms {
  readonly preview: LinkPreview | undefined;
  readonly linkDays: number;
}

/** Variables in the addresses behind the template's buttons. */
function variablesInAddresses({ story }: Pick<Template, 'story'>): ReadonlySet<string> {
  return new Set(
    Object.values(story.nodes).flatMap((node) =>
      node.type === 'cta'
        ? Object.values(node.link.query ?? {}).flatMap((each) => ('var' in each ? [each.var] : []))
        : [],
    ),
  );
}

/** Personal variables in the addresses behind the template's buttons. */
export const personalInAddresses = (template: Template): readonly string[] =>
  [...variablesInAddresses(template)].filter((name) => personalVariables(template).has(name));

function describeLeaving(template: Template): readonly string[] {
  const { record: fields, story } = template;
  const inAddresses = [...variablesInAddresses(template)];
  const own = Object.values(story.nodes).flatMap((node) =>
    node.type === 'cta' && node.link.field !== undefined ? [node.link.field] : [],
  );
  const files = leafFields(fields).flatMap((field) => (isFetched(field) ? [field.label] : []));
  return [
    ...(inAddresses.length > 0
      ? [`The address behind the button carries: ${sayList(inAddresses)}. The site behind it can read that.`]
      : []),
    ...(own.length > 0
      ? [`The button leads to the address of the row, where it has one (${sayList([...new Set(own)])}).`]
      : []),
    ...(files.length > 0
      ? [`The servers of the files (${sayList(files)}) see that this deployment fetches them.`]
      : []),
    'Webhooks that you set up get your ids, states and links.',
    'With REMOTION_LICENSE_KEY, Remotion’s licence service gets one count for each video.',
  ];
}

/** Who sees what about a person, for how long, and what they can do about it. */
export function describePrivacy(
  template: Template,
  used: NamesUsed,
  { preview, linkDays }: PrivacyTerms,
): Advice['privacy'] {
  const { record: fields, story } = template;
  const personal = Object.entries(fields).flatMap(([name, field]) => {
    const scenes = used.get(name);
    if (!field.personal || scenes === undefined) return [];
    return [
      {
        ...{ field: name, label: field.label, scenes: [...scenes].sort() },
        correct: leafFields({ [name]: field }).some((part) => correctionOf(part) !== undefined),
        withhold: canWithhold(field),
      },
    ];
  });
  const hasPictures = leafFields(fields).some(isFetched);
  const erased = 'until you erase the person';
  return {
    fields: personal,
    seenBy: [
      'The customer, and anyone to whom they forward your link: they see the film, and can see, correct and erase the data.',
      'Anyone to whom the customer gives a shared link from the page: they see the film alone.',
      'Anyone who sees your mail: the poster and the teaser, if you put them there.',
      preview === 'personal'
        ? 'Programs for mail and chat that preview the link: the poster.'
        : 'Programs for mail and chat that preview the link see nothing personal.',
      'Whoever has an API key with the scope read, and the operator of this deployment.',
    ],
    retention: [
      { what: 'Your file, the records and the videos', until: erased },
      { what: 'What viewers choose and answer', until: erased },
      {
        what: 'Links',
        until: `${sayMany(linkDays, 'day')} after the video is done, or until you withdraw them`,
      },
      ...(hasPictures ? [{ what: 'Pictures that only this answer looked at', until: 'two days' }] : []),
      { what: 'Logs, which hold ids and codes only', until: '30 days' },
    ],
    consents: Object.entries(story.variables).flatMap(([variable, { writeBack }]) =>
      typeof writeBack === 'object' ? [{ variable, purpose: writeBack.purpose }] : [],
    ),
    leaves: [...describeLeaving(template)],
  };
}

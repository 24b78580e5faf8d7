import { BespokeError } from './bespoke-error.ts';
import type { ErrorCode } from './catalogue.ts';
import { defineError, list, quoted } from './define-error.ts';

/** Requests to the HTTP API. */
export const requestErrors = {
  /** For an id or address that does not exist; the code says what kind of thing is missing. */
  nothingHere: (code: ErrorCode = 'route-unknown'): BespokeError =>
    new BespokeError(code, 'There is nothing at this address.'),
  methodUnknown: defineError(
    'method-unknown',
    ({ method, allowed }: { readonly method: string; readonly allowed: readonly string[] }) =>
      `This route does not support ${method}. Use ${allowed.join(' or ')}.`,
  ),
  requestLate: defineError('request-timeout', () => 'The request did not arrive in time.'),
  requestStalled: defineError(
    'request-timeout',
    ({ kilobytes, seconds }: { readonly kilobytes: number; readonly seconds: number }) =>
      `Less than ${kilobytes} kB of the request arrived within ${seconds} s, so the server closed it.`,
  ),
  headersTooLarge: defineError('request-invalid', () => 'The headers are too large.'),
  notHttp: defineError('request-invalid', () => 'The request is not valid HTTP.'),
  contentTypeMissing: defineError(
    'media-type-unsupported',
    () => 'The request has no header "Content-Type", which says what its body is.',
  ),
  formPartsTooMany: defineError('request-invalid', () => 'The form has too many parts.'),
  formFieldsTooMany: defineError('request-invalid', () => 'The form has too many fields.'),
  formFilesTooMany: defineError(
    'request-invalid',
    () => 'The form has more than one file. Send one at a time.',
  ),
  formFieldForbidden: defineError(
    'request-invalid',
    () => 'A field of the form has a name that is not allowed.',
  ),
  formFieldNotJson: defineError(
    'request-invalid',
    () => 'A form field is marked as JSON but is not valid JSON.',
  ),
  formFieldUnnamed: defineError('request-invalid', () => 'A field of the form has no name.'),
  formFieldNameTooLong: defineError(
    'request-invalid',
    ({ most }: { readonly most: number }) =>
      `A field of the form has a name of more than ${most} characters.`,
  ),
  formFieldTooLarge: defineError(
    'request-invalid',
    ({ field, kilobytes }: { readonly field: string; readonly kilobytes: number }) =>
      `The field "${field}" has more than ${kilobytes} kB.`,
  ),
  formFileMisplaced: defineError('request-invalid', () => 'The file must be in the part named "file".'),
  formFileMissing: defineError('request-invalid', () => 'The form has no file part named "file".'),
  formIncomplete: defineError('request-invalid', () => 'The connection ended before the form did.'),
  formUnreadable: defineError(
    'request-invalid',
    ({ why }: { readonly why: string }) => `The form cannot be read: ${why}.`,
  ),
  fileTooLarge: defineError(
    'body-too-large',
    ({ megabytes }: { readonly megabytes: number }) =>
      `The file is larger than ${megabytes} MB, the limit of this server.`,
  ),
  rangeInvalid: defineError('range-invalid', () => 'The requested range starts after the end of the file.'),
  idempotencyConflict: defineError(
    'idempotency-conflict',
    () => 'This Idempotency-Key was sent before with another body, so nothing was ordered.',
  ),
  recordInvalid: defineError('record-invalid', ({ fields }: { readonly fields: number }) =>
    fields === 1 ? 'A field of the record is invalid.' : `${fields} fields of the record are invalid.`,
  ),
  webhookTargetRefused: defineError(
    'webhook-target-refused',
    ({ why }: { readonly why: string }) => `The webhook is not accepted: ${why}.`,
  ),
  formatNotOffered: defineError(
    'request-invalid',
    (facts: { readonly template: string; readonly format: string; readonly formats: readonly string[] }) =>
      `Template ${facts.template} does not support ${facts.format}. Its formats are ${list(facts.formats)}.`,
  ),
  coarserNotOffered: defineError(
    'coarser-unknown',
    (facts: { readonly template: string; readonly field: string; readonly offered: readonly string[] }) => {
      const offers =
        facts.offered.length === 0
          ? 'It declares nothing coarser for any field.'
          : `It does for ${list(facts.offered)}.`;
      return `Template ${facts.template} declares nothing coarser for the field "${facts.field}". ${offers}`;
    },
  ),
  settingUnknown: defineError(
    'settings-invalid',
    (facts: { readonly template: string; readonly name: string; readonly offered: readonly string[] }) => {
      const offers =
        facts.offered.length === 0
          ? 'The template declares no settings.'
          : `Its settings are ${list(facts.offered)}.`;
      return `Template ${facts.template} has no setting "${facts.name}". ${offers}`;
    },
  ),
  settingInvalid: defineError('settings-invalid', ({ why }: { readonly why: string }) => why),
  linkNotShown: defineError(
    'request-invalid',
    ({ template }: { readonly template: string }) =>
      `No video of template ${template} ends with a scene, so that none can show this link. Leave "link" out, or give the story a node of the type cta.`,
  ),
  cursorInvalid: defineError(
    'request-invalid',
    () => 'The cursor is invalid. Leave it out to get the first page, then send `next` of each answer.',
  ),
  campaignUnfinished: defineError('campaign-unfinished', () => 'Some rows of the campaign have not ended.'),
  sceneNotShown: defineError(
    'still-failed',
    ({ scene }: { readonly scene: string }) => `The video of this record does not show the scene "${scene}".`,
  ),
  sceneUnknown: defineError(
    'still-failed',
    ({ scene, known }: { readonly scene: string; readonly known: readonly string[] }) =>
      `The template has no scene "${scene}". It has: ${known.join(', ')}.`,
  ),
  stillFailed: defineError(
    'still-failed',
    ({ code, message }: { readonly code: string; readonly message: string }) =>
      code === 'still-failed' ? message : `The picture cannot be drawn (${code}). ${message}`,
  ),
  tooManyStills: defineError('stills-waiting', () => 'Too many other pictures are waiting to be drawn.'),
  endpointUnknown: defineError('endpoint-unknown', () => 'There is no webhook endpoint with this id.'),
  endpointsFull: defineError(
    'endpoints-full',
    ({ most }: { readonly most: number }) => `A deployment has up to ${most} webhook endpoints.`,
  ),
  deliveryUnknown: defineError('delivery-unknown', () => 'There is no webhook delivery with this id.'),
  encodingUnsupported: defineError(
    'media-type-unsupported',
    () => 'Only JSON bodies may be packed, with "Content-Encoding: gzip".',
  ),
  bodyNotGzip: defineError('request-invalid', () => 'The body is not valid gzip.'),
  bodyTooLarge: defineError(
    'body-too-large',
    ({ megabytes }: { readonly megabytes: number }) => `Unpacked, the body is larger than ${megabytes} MB.`,
  ),
  renderUnplanned: defineError(
    'render-unplanned',
    () => 'The render has no record yet that could be changed.',
  ),
  recordUnknown: defineError(
    'record-unknown',
    () =>
      'The row of this render was refused, or it shows what a viewer watched: it has no record to change.',
  ),
  sessionUnknown: defineError('session-unusable', () => 'No session has this id, or it was erased.'),
  sessionSourceGone: defineError(
    'session-unusable',
    () => "The record of this session's video is no longer stored.",
  ),
  sessionLeadsElsewhere: defineError(
    'session-unusable',
    () => 'The story or the record has changed since, and the session no longer leads to the same nodes.',
  ),
  sessionEmpty: defineError('session-unusable', () => 'Nothing was watched in this session yet.'),
  campaignUnknown: defineError('campaign-unknown', () => 'There is no campaign with this id.'),
  renderUnknown: defineError('render-unknown', () => 'There is no render with this id.'),
  keyUnknown: defineError('key-unknown', ({ id }: { readonly id?: string }) =>
    id === undefined ? 'No key has this id.' : `No key has the id "${id}".`,
  ),
  keyMissing: defineError('key-missing', () => 'The request has no header "Authorization: Bearer <key>".'),
  keyInvalid: defineError('key-missing', () => 'The key of this request is unknown, revoked or mistyped.'),
  keyForbidden: defineError(
    'key-forbidden',
    (facts: { readonly required: readonly string[]; readonly id: string; readonly has: readonly string[] }) =>
      `This request requires a key with the scope ${quoted(facts.required).join(' or ')}. The key "${facts.id}" has ${list(quoted(facts.has))}.`,
  ),
  keyOverused: defineError(
    'rate-limited',
    ({ most, seconds }: { readonly most: number; readonly seconds: number }) =>
      `This key has made more than ${most} requests within a minute. Try again in ${seconds} s.`,
  ),
  wrongKeys: defineError(
    'rate-limited',
    ({ seconds }: { readonly seconds: number }) =>
      `Too many requests without a valid key came from this address. Try again in ${seconds} s.`,
  ),
  linkOverused: defineError(
    'rate-limited',
    ({ seconds }: { readonly seconds: number }) =>
      `Too many requests with this link. Try again in ${seconds} s.`,
  ),
  wrongLinks: defineError(
    'rate-limited',
    ({ seconds }: { readonly seconds: number }) =>
      `Too many requests for unknown links came from this address. Try again in ${seconds} s.`,
  ),
  streamsTaken: defineError('service-unavailable', () => 'This server has too many open event streams.'),
};

/** Links, viewers and what they watch. */
export const viewerErrors = {
  linkUnknown: defineError('link-unknown', () => 'There is nothing to see at this address.'),
  filesGone: defineError(
    'link-unknown',
    ({ render }: { readonly render: string }) => `The files of render ${render} are no longer available.`,
  ),
  linkedFileMissing: defineError(
    'stored-file-missing',
    () => 'The file of a link is missing from the store.',
  ),
  fileComing: defineError(
    'service-unavailable',
    ({ kind }: { readonly kind: string }) => `The ${kind} is still being made.`,
  ),
  fileMadeAgain: defineError(
    'service-unavailable',
    ({ kind }: { readonly kind: string }) => `The ${kind} is being made again.`,
  ),
  linkEnded: defineError('link-ended', () => 'The link to this video was withdrawn or has expired.'),
  videoInMaking: defineError(
    'film-in-making',
    () => 'The record was changed, and the new video is being made.',
  ),
  videoNotMade: defineError(
    'film-not-made',
    () => 'The record was changed, and the new video could not be made.',
  ),
  templateRemoved: defineError('template-unknown', () => 'The template of this video was removed.'),
  templateOutdated: defineError(
    'template-failed',
    () => 'The template of this video no longer works for its record.',
  ),
  recordBusy: defineError(
    'service-unavailable',
    () => 'Other requests are changing this record at the same time.',
  ),
  answerNotWrittenBack: defineError(
    'request-invalid',
    () => 'No answer of this name is written back to the record.',
  ),
  clipNotShared: defineError('clip-unavailable', () => 'There is no shared clip at this address.'),
  clipUnknown: defineError('clip-unavailable', () => 'The session has no clip at this address.'),
  clipFailed: defineError('clip-unavailable', () => 'The clip could not be rendered.'),
  originRefused: defineError('origin-refused', () => 'A page of another site sent this request.'),
  sessionMissing: defineError('session-missing', () => 'The request has no open viewer session.'),
  rightsMissing: defineError('rights-missing', () => 'This link only allows watching.'),
};

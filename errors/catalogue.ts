/** One kind of failure: permanent once released, whatever its wording becomes. */
export interface ErrorKind {
  readonly title: string;
  /** Whether doing the same again later can succeed. */
  readonly retryable: boolean;
  /** What a person can do about it. */
  readonly hint: string;
}

/**
 * Every failure that a user can meet. Codes are permanent. What happened and why is said where the
 * error arises; what to do stands here. `docs/errors.md` is generated from this table.
 */
export const errorCatalogue = {
  'usage-invalid': {
    title: 'The command was not understood',
    retryable: false,
    hint: 'Run the command with --help to see its options.',
  },
  'template-unknown': {
    title: 'No such template',
    retryable: false,
    hint: 'Run `bespoke templates` to list the templates.',
  },
  'path-invalid': {
    title: 'A path through the story cannot be walked',
    retryable: false,
    hint: 'Name what the message says can be chosen there; `bespoke story graph` draws the story.',
  },
  internal: {
    title: 'An unexpected failure',
    retryable: true,
    hint: 'Run the same command again; what is finished is kept. If it comes back, open an issue with the log.',
  },
  'code-mismatch': {
    title: 'Worker and campaign run different code',
    retryable: true,
    hint: 'Start all workers from the same version of the project, then run the command again.',
  },
  'engine-mismatch': {
    title: 'Workers draw with different engines',
    retryable: false,
    hint: 'Give every worker the same version of Bespoke and of the browser. To change the engine of the deployment, stop all workers first: the first one that starts then decides, or, after workers that were killed, two minutes later.',
  },
  'engine-unknown': {
    title: 'No worker has started yet',
    retryable: true,
    hint: 'Start `bespoke worker`, then try again. Orders are accepted before that and wait for it.',
  },
  'disk-full': {
    title: 'The disk is full',
    retryable: true,
    hint: 'Free some space, then run the same command again; it continues where it stopped.',
  },
  'directory-not-writable': {
    title: 'A directory cannot be written to',
    retryable: false,
    hint: 'Choose another directory or change its permissions.',
  },
  'browser-missing': {
    title: 'No browser to render with',
    retryable: false,
    hint: 'Run `bespoke doctor`; it says which browsers were looked for and how to install one.',
  },
  'row-invalid': {
    title: 'A row holds values that cannot be used',
    retryable: false,
    hint: 'Correct the named cells in failed.csv and run it again.',
  },
  'person-erased': {
    title: 'The person was erased',
    retryable: false,
    hint: 'Nothing is made for them. If they want to come back: `bespoke people welcome --id <customer id>`, then run the row again.',
  },
  'row-duplicate': {
    title: 'An id appears more than once',
    retryable: false,
    hint: 'Keep one row per id, or name another id column with --id.',
  },
  'clip-timeout': {
    title: 'A scene took too long to render',
    retryable: true,
    hint: 'It took too long twice in a row. Open the frame that the message names in the studio. If it is drawn there in time, the machine is too slow or BESPOKE_CLIP_TIMEOUT_S is too small.',
  },
  'browser-crashed': {
    title: 'The browser stopped while rendering',
    retryable: true,
    hint: 'Run the same command again; if it comes back, check the memory of the machine with `bespoke doctor`.',
  },
  'job-timed-out': {
    title: 'The work took too long',
    retryable: true,
    hint: 'Retry the render or the campaign. If it happens again, the log of the worker names the kind of job.',
  },
  'worker-died': {
    title: 'The worker ended again and again at this',
    retryable: true,
    hint: 'Give the worker more memory or lower BESPOKE_CONCURRENCY, then run it again; `bespoke doctor` shows what the machine has.',
  },
  'scene-failed': {
    title: 'A scene could not be drawn',
    retryable: false,
    hint: 'Open the scene with this record in the studio (`bespoke studio --csv FILE --row N`) and correct the template.',
  },
  'ffmpeg-missing': {
    title: 'No encoder for this machine',
    retryable: false,
    hint: 'Install again with optional dependencies (`npm install --include=optional`) on a platform that Remotion supports.',
  },
  'media-failed': {
    title: 'A video could not be put together',
    retryable: true,
    hint: 'Run the same command again; if it comes back, check free disk space and open an issue with the log.',
  },
  'bundle-failed': {
    title: 'The templates could not be bundled',
    retryable: false,
    hint: 'Correct the file that the message names; `npm run types` shows all such mistakes.',
  },
  'redis-away': {
    title: 'Redis does not answer',
    retryable: true,
    hint: 'Start Redis or correct REDIS_URL, then run the same command again; nothing finished is lost. Without REDIS_URL the embedded queue is used.',
  },
  'redis-refuses-writes': {
    title: 'Redis accepts no writes',
    retryable: true,
    hint: 'OOM: give Redis more memory (maxmemory). READONLY: set REDIS_URL to the primary. MISCONF: free the disk that Redis saves to. NOREPLICAS: start its replicas. Work continues when Redis accepts writes; nothing is lost.',
  },
  'redis-refused': {
    title: 'Redis refuses the connection',
    retryable: false,
    hint: 'Check user name, password, database number and TLS (rediss://) in REDIS_URL.',
  },
  'redis-evicts': {
    title: 'Redis may throw jobs away',
    retryable: false,
    hint: 'Set maxmemory-policy to noeviction: `redis-cli config set maxmemory-policy noeviction`, and the same line in redis.conf.',
  },
  'postgres-away': {
    title: 'PostgreSQL does not answer',
    retryable: true,
    hint: 'Start PostgreSQL or correct DATABASE_URL, then run the same command again; nothing finished is lost. Without DATABASE_URL the embedded database is used.',
  },
  'postgres-slow': {
    title: 'PostgreSQL takes too long',
    retryable: true,
    hint: 'Run the same command again; nothing finished is lost. If it happens again, give PostgreSQL more memory or a faster disk, or run `analyze` on its tables.',
  },
  'postgres-refused': {
    title: 'PostgreSQL refuses the connection',
    retryable: false,
    hint: 'Check user name, password, database name and TLS in DATABASE_URL, and that the user may create a schema.',
  },
  'database-newer': {
    title: 'The database was made by a newer Bespoke',
    retryable: false,
    hint: 'Update Bespoke on this machine to the version that the others run.',
  },
  'database-older': {
    title: 'The database was made by an older Bespoke that this one cannot read',
    retryable: false,
    hint: 'Use an empty workspace folder or an empty database. The old one can still be used with the version that made it.',
  },
  'workspace-held': {
    title: 'Another process works in this workspace',
    retryable: true,
    hint: 'Wait for it or stop it, or choose another folder with BESPOKE_WORKSPACE. With REDIS_URL and DATABASE_URL set, any number of processes may share the work.',
  },
  'secret-invalid': {
    title: 'The secret cannot be used',
    retryable: false,
    hint: 'Set BESPOKE_SECRET to at least 32 characters, for example from `openssl rand -hex 32`, equal on every machine.',
  },
  'secret-mismatch': {
    title: 'The secret is not the one this deployment was begun with',
    retryable: false,
    hint: 'Give every machine the same BESPOKE_SECRET. To begin anew with another secret, use another database.',
  },
  'stored-file-missing': {
    title: 'A stored file is gone',
    retryable: true,
    hint: 'Run the same command again: what is missing is made anew.',
  },
  'config-invalid': {
    title: 'The environment cannot be used',
    retryable: false,
    hint: 'Correct the named variables; docs/production.md explains each of them.',
  },
  'csv-unreadable': {
    title: 'The CSV file cannot be opened',
    retryable: false,
    hint: 'Check the path and that the file may be read.',
  },
  'csv-not-text': {
    title: 'The file is not a CSV',
    retryable: false,
    hint: 'Export the table as CSV (UTF-8) and use that file.',
  },
  'csv-encoding': {
    title: 'The letters of the CSV cannot be read',
    retryable: false,
    hint: 'Export the file again with one encoding throughout, UTF-8 if there is a choice.',
  },
  'csv-empty': {
    title: 'The CSV is empty',
    retryable: false,
    hint: 'The first line must name the columns; each further line is one customer.',
  },
  'csv-quotes': {
    title: 'A quote in the CSV is not closed',
    retryable: false,
    hint: 'Close the quote, or write a quote inside a quoted value twice (""). Nothing was rendered.',
  },
  'csv-too-wide': {
    title: 'A row of the CSV has too many cells',
    retryable: false,
    hint: 'Look at the line that the message names: a line break may be missing there, or the file may not be a table. Nothing was rendered.',
  },
  'csv-columns': {
    title: 'The columns of the CSV do not fit the template',
    retryable: false,
    hint: 'Rename the column or say which one to use: --map "column=field", --id column. `bespoke templates` lists the fields.',
  },
  'record-invalid': {
    title: 'The record cannot be used',
    retryable: false,
    hint: 'Correct the named fields. `bespoke templates` lists the fields of each template.',
  },
  'worker-alone': {
    title: 'A worker has nobody to share work with',
    retryable: false,
    hint: 'Run `bespoke batch` alone, or set REDIS_URL, DATABASE_URL, BESPOKE_STORE and BESPOKE_SECRET as docs/production.md tells.',
  },
  'template-invalid': {
    title: 'A template does not fit together',
    retryable: false,
    hint: 'Correct the template. `npm run types` and its own tests show such mistakes; docs/templates.md says what a template holds.',
  },
  'template-failed': {
    title: 'The template does not work for this row',
    retryable: false,
    hint: 'Correct the template at the place that the message names, or correct the row, then run failed.csv. `bespoke studio --csv FILE --row N` opens the template with the row; `bespoke story check` finds more such places.',
  },
  'request-invalid': {
    title: 'The request cannot be used',
    retryable: false,
    hint: 'Correct what is named; /docs describes every request.',
  },
  'body-too-large': {
    title: 'The request is too large',
    retryable: false,
    hint: 'Send less at once, or let the operator raise BESPOKE_UPLOAD_LIMIT_MB.',
  },
  'request-timeout': {
    title: 'The request arrived too slowly',
    retryable: true,
    hint: 'Send it again over a faster connection. A body that arrives steadily may take up to 12 hours.',
  },
  'media-type-unsupported': {
    title: 'The request has the wrong content type',
    retryable: false,
    hint: 'Send JSON as application/json, a CSV as multipart/form-data; /docs tells which.',
  },
  'key-missing': {
    title: 'No valid API key',
    retryable: false,
    hint: 'Send "Authorization: Bearer <key>". `bespoke keys create` makes one, `bespoke keys list` shows which are revoked.',
  },
  'key-forbidden': {
    title: 'The API key may not do this',
    retryable: false,
    hint: 'Use a key with the scope that is named; `bespoke keys create --scope` makes one.',
  },
  'key-unknown': {
    title: 'No such API key',
    retryable: false,
    hint: 'Run `bespoke keys list` to see the keys and their ids.',
  },
  'rate-limited': {
    title: 'Too many requests',
    retryable: true,
    hint: 'Wait as long as the header Retry-After says.',
  },
  'route-unknown': {
    title: 'No such address',
    retryable: false,
    hint: 'See /docs for all addresses.',
  },
  'method-unknown': {
    title: 'The address does not do this',
    retryable: false,
    hint: 'Use one of the methods that the header Allow names; /docs describes them.',
  },
  'render-unknown': {
    title: 'No such render',
    retryable: false,
    hint: 'Use the id that the request was answered with.',
  },
  'campaign-unknown': {
    title: 'No such campaign',
    retryable: false,
    hint: 'Use the id that the upload was answered with; GET /v1/campaigns lists them.',
  },
  'campaign-unfinished': {
    title: 'The campaign has not ended',
    retryable: true,
    hint: 'Wait for it: its events, its webhook or its state tell when it has ended.',
  },
  'idempotency-conflict': {
    title: 'The Idempotency-Key was used for another request',
    retryable: false,
    hint: 'Use a new key for a new request, and the same key only for repeating one.',
  },
  'link-unknown': {
    title: 'This link does not work',
    retryable: false,
    hint: 'It has expired, was withdrawn or is incomplete. Ask who sent it for a new one.',
  },
  'link-ended': {
    title: 'The link to this film works no more',
    retryable: false,
    hint: 'It has expired or was withdrawn. Ask who sent it for a new one.',
  },
  'film-in-making': {
    title: 'The film is being made anew',
    retryable: true,
    hint: 'Try again in a moment; what it showed before is not shown any more.',
  },
  'film-not-made': {
    title: 'The film could not be made anew',
    retryable: true,
    hint: 'Open its page and try again there; what it showed before is not shown any more.',
  },
  'session-unusable': {
    title: 'A session cannot be made into a video',
    retryable: false,
    hint: 'Name a session whose film is still there, or say its way with --path.',
  },
  'session-missing': {
    title: 'Nobody is known to be watching',
    retryable: false,
    hint: 'Open the link of the film again.',
  },
  'rights-missing': {
    title: 'This link is for watching only',
    retryable: false,
    hint: 'Use the link that was sent to the person whom the film is about.',
  },
  'origin-refused': {
    title: 'The request comes from another site',
    retryable: false,
    hint: 'Send it from the page of the film, or with `Authorization: Bearer` and the pass of a session.',
  },
  'clip-unavailable': {
    title: 'The clip cannot be shown',
    retryable: false,
    hint: 'Go on without it; the log of the worker tells why it could not be made.',
  },
  'range-invalid': {
    title: 'The file has no such part',
    retryable: false,
    hint: 'Ask for a range within the size that Content-Range tells, or for the whole file.',
  },
  'webhook-target-refused': {
    title: 'This webhook target is not allowed',
    retryable: false,
    hint: 'Use an https address that is public; the operator can allow others with BESPOKE_WEBHOOK_ORIGINS.',
  },
  'service-unavailable': {
    title: 'The service cannot answer now',
    retryable: true,
    hint: 'Try again in a moment; /readyz tells what is away.',
  },
  'address-in-use': {
    title: 'The port is taken',
    retryable: false,
    hint: 'Choose another one with the option that the message names, or stop the program that listens there.',
  },
  'render-cancelled': {
    title: 'The render was cancelled',
    retryable: true,
    hint: 'Order it again if the video is still wanted.',
  },
  'server-stopped': {
    title: 'The server ended before the work was done',
    retryable: true,
    hint: 'Run the same command again; what is finished is kept. Without a server the command does the work itself.',
  },
  'server-unreachable': {
    title: 'The server cannot be reached',
    retryable: true,
    hint: 'Check BESPOKE_URL and that the server runs; then run the same command again. What is finished is kept.',
  },
  'server-incompatible': {
    title: 'The server is not of the same version',
    retryable: false,
    hint: 'Check that BESPOKE_URL is the address of a Bespoke server, and use the same version of Bespoke here and there.',
  },
  'store-away': {
    title: 'The store does not answer',
    retryable: true,
    hint: 'Check that it runs and can be reached from here; work goes on when it is back.',
  },
  'store-refused': {
    title: 'The store refuses us',
    retryable: false,
    hint: 'Check bucket, region and credentials; the access key must be allowed to read, write and delete objects.',
  },
} as const satisfies Readonly<Record<string, ErrorKind>>;

export type ErrorCode = keyof typeof errorCatalogue;

/** One kind of failure. */
export interface ErrorKind {
  readonly title: string;
  /** Whether doing the same again later can succeed. */
  readonly retryable: boolean;
  /** What to do about it. */
  readonly hint: string;
}

/**
 * Every failure that a user can meet. Codes are permanent; wording may change. The message (`messages.ts`) says what
 * happened and why, the hint says what to do. `docs/errors.md` is generated from this table.
 */
export const errorCatalogue = {
  'usage-invalid': {
    title: 'The command is incomplete or wrong',
    retryable: false,
    hint: 'Run the command with --help to see its options.',
  },
  'template-unknown': {
    title: 'No such template',
    retryable: false,
    hint: 'Run `bespoke templates` to list the templates.',
  },
  'coarser-unknown': {
    title: 'The template has nothing coarser for a field',
    retryable: false,
    hint: 'Use one of the fields in the message. `bespoke templates` shows what each one has.',
  },
  'settings-invalid': {
    title: 'A setting of an order cannot be used',
    retryable: false,
    hint: 'Correct the setting in the message. `bespoke templates` shows those of each template.',
  },
  'path-invalid': {
    title: 'A step of --path is impossible',
    retryable: false,
    hint: 'Use one of the choices in the message. `bespoke story graph` draws the story.',
  },
  internal: {
    title: 'Unexpected error',
    retryable: true,
    hint: 'Run the same command again; finished work is kept. If it happens again, open an issue with the log.',
  },
  'code-mismatch': {
    title: 'Worker and campaign run different code',
    retryable: true,
    hint: 'Start all workers from the same version of the project, then run the command again.',
  },
  'engine-mismatch': {
    title: 'Workers have different engines',
    retryable: false,
    hint: 'Use the same version of Bespoke and of the browser on every worker. To change the engine of the deployment, stop all workers first; then the first worker that starts decides. After a worker was killed, wait two minutes.',
  },
  'engine-unknown': {
    title: 'No worker has started yet',
    retryable: true,
    hint: 'Start `bespoke worker`, then try again. The API accepts renders and campaigns without a worker; they wait for one.',
  },
  'disk-full': {
    title: 'The disk is full',
    retryable: true,
    hint: 'Free some space, then run the same command again; it continues where it stopped.',
  },
  'directory-not-writable': {
    title: 'A folder cannot be written to',
    retryable: false,
    hint: 'Create the folder, change its permissions, or choose another one.',
  },
  'browser-missing': {
    title: 'No browser to render with',
    retryable: false,
    hint: 'Run `bespoke doctor`. It lists the browsers that were searched for and says how to install one.',
  },
  'row-suspect': {
    title: 'A row has suspect values',
    retryable: false,
    hint: 'Correct the named cells, or say with --accept which kind of values is meant.',
  },
  'row-invalid': {
    title: 'A row has invalid values',
    retryable: false,
    hint: 'Correct the named cells in failed.csv and run it again.',
  },
  'person-erased': {
    title: 'The person was erased',
    retryable: false,
    hint: 'No video is made for this person. If they want videos again, run `bespoke people welcome --id <customer id>`, then run the row again.',
  },
  'row-duplicate': {
    title: 'An id appears more than once',
    retryable: false,
    hint: 'Keep one row per id, or name another id column with --id.',
  },
  'clip-timeout': {
    title: 'A scene took too long to render',
    retryable: true,
    hint: 'The scene timed out twice in a row. Open the frame named in the message in Remotion Studio. If it is fast there, the machine is too slow, or BESPOKE_CLIP_TIMEOUT_S is too small for the whole clip. A single frame may take 30 seconds.',
  },
  'browser-crashed': {
    title: 'The browser stopped while rendering',
    retryable: true,
    hint: 'Run the same command again. If it happens again, check the memory of the machine with `bespoke doctor`.',
  },
  'job-timed-out': {
    title: 'A job took too long',
    retryable: true,
    hint: "Retry the render or the campaign. If it happens again, the worker's log names the kind of job.",
  },
  'worker-died': {
    title: 'Rendering this stopped the worker several times',
    retryable: true,
    hint: 'Give the worker more memory or lower BESPOKE_CONCURRENCY, then run it again. `bespoke doctor` shows the memory of the machine.',
  },
  'scene-failed': {
    title: 'A scene could not be drawn',
    retryable: false,
    hint: 'Open the scene with this record in the studio (`bespoke studio --csv FILE --row N`) and correct the template.',
  },
  'speech-unset': {
    title: 'A template speaks, and there is no voice',
    retryable: false,
    hint: 'Set BESPOKE_SPEECH on every machine. `BESPOKE_SPEECH=espeak-ng` speaks with the free program espeak-ng; docs/production.md lists the services.',
  },
  'speech-refused': {
    title: 'A line cannot be spoken',
    retryable: false,
    hint: 'Use a language and a voice that the voice of BESPOKE_SPEECH has, and check its key. `bespoke doctor` speaks a word for a trial.',
  },
  'speech-unavailable': {
    title: 'The voice is unavailable',
    retryable: true,
    hint: 'Run the same command again when the service works; lines that were spoken are kept. `bespoke doctor` speaks a word for a trial.',
  },
  'ffmpeg-missing': {
    title: 'No encoder for this machine',
    retryable: false,
    hint: 'Run `npm install --include=optional` on a platform that Remotion supports.',
  },
  'media-failed': {
    title: 'A video could not be joined',
    retryable: true,
    hint: 'Run the same command again. If it happens again, check free disk space and open an issue with the log.',
  },
  'bundle-failed': {
    title: 'The templates could not be bundled',
    retryable: false,
    hint: 'Correct the file named in the message. `npm run types` shows all such errors.',
  },
  'project-unreadable': {
    title: 'A Remotion project cannot be read',
    retryable: false,
    hint: 'Name the file that exports the component with the `<Composition>` elements, such as src/Root.tsx, and install the packages of the project.',
  },
  'redis-away': {
    title: 'Redis does not answer',
    retryable: true,
    hint: 'Start Redis or correct REDIS_URL, then run the same command again; finished work is kept. Without REDIS_URL, Bespoke uses its embedded queue.',
  },
  'redis-refuses-writes': {
    title: 'Redis accepts no writes',
    retryable: true,
    hint: 'OOM: give Redis more memory (maxmemory). READONLY: set REDIS_URL to the primary. MISCONF: free the disk that Redis saves to. NOREPLICAS: start its replicas. CLUSTERDOWN: start the missing nodes of the cluster. Work continues when Redis accepts writes; nothing is lost.',
  },
  'redis-refused': {
    title: 'Redis refuses the connection',
    retryable: false,
    hint: 'Check user name, password, database number and TLS (rediss://) in REDIS_URL.',
  },
  'redis-evicts': {
    title: 'Redis may drop jobs',
    retryable: false,
    hint: 'Run `redis-cli config set maxmemory-policy noeviction`, and set the same in redis.conf.',
  },
  'postgres-away': {
    title: 'PostgreSQL does not answer',
    retryable: true,
    hint: 'Start PostgreSQL or correct DATABASE_URL, then run the same command again; finished work is kept. Without DATABASE_URL, Bespoke uses its embedded database.',
  },
  'postgres-slow': {
    title: 'PostgreSQL takes too long',
    retryable: true,
    hint: 'Run the same command again; finished work is kept. If it happens again, give PostgreSQL more memory or a faster disk, or run `analyze` on its tables.',
  },
  'postgres-refused': {
    title: 'PostgreSQL refuses the connection',
    retryable: false,
    hint: 'Check user name, password, database name and TLS in DATABASE_URL, and that the user may create a schema.',
  },
  'database-newer': {
    title: 'The database was created by a newer Bespoke',
    retryable: false,
    hint: 'Update Bespoke on this machine to the version of the others.',
  },
  'database-older': {
    title: 'The database was created by an older Bespoke and cannot be read',
    retryable: false,
    hint: 'Use an empty workspace folder or an empty database. The old one still works with the version that created it.',
  },
  'workspace-held': {
    title: 'Another process uses this workspace',
    retryable: true,
    hint: 'Wait for it or stop it, or choose another folder with BESPOKE_WORKSPACE. With REDIS_URL and DATABASE_URL set, any number of processes can share the work.',
  },
  'secret-invalid': {
    title: 'BESPOKE_SECRET is invalid',
    retryable: false,
    hint: 'Set BESPOKE_SECRET to at least 32 characters, for example from `openssl rand -hex 32`, the same on every machine.',
  },
  'secret-mismatch': {
    title: 'BESPOKE_SECRET is not the one this database was created with',
    retryable: false,
    hint: 'Use the original BESPOKE_SECRET on every machine. To use another secret, start with an empty database.',
  },
  'stored-file-missing': {
    title: 'A stored file is missing',
    retryable: true,
    hint: 'Run the same command again; missing files are rendered again.',
  },
  'config-invalid': {
    title: 'An environment variable is invalid',
    retryable: false,
    hint: 'Correct the variables named in the message. docs/production.md explains each of them.',
  },
  'csv-unreadable': {
    title: 'The file cannot be opened',
    retryable: false,
    hint: 'Check the path and the permissions of the file.',
  },
  'csv-not-text': {
    title: 'The file is not a table',
    retryable: false,
    hint: 'Use a CSV, an Excel or OpenDocument workbook, JSON or NDJSON, or one of these compressed with gzip.',
  },
  'csv-encoding': {
    title: 'The encoding of the file is damaged',
    retryable: false,
    hint: 'Export the file again in one encoding, if possible UTF-8.',
  },
  'csv-encoding-unclear': {
    title: 'The encoding of the file is unclear',
    retryable: false,
    hint: 'Choose the reading in which the names are right, or export the file again as UTF-8. Nothing was rendered.',
  },
  'table-unreadable': {
    title: 'The file cannot be read',
    retryable: false,
    hint: 'Open it in the program that wrote it, remove any password, and save or export it again.',
  },
  'table-too-large': {
    title: 'The file is too large',
    retryable: false,
    hint: 'Save the table as CSV, which has no such limit, or divide it.',
  },
  'table-sheet': {
    title: 'There is no such sheet',
    retryable: false,
    hint: 'Name one of the sheets with --sheet, or leave it out to use the first.',
  },
  'table-layout': {
    title: 'The header or footer is not where you say',
    retryable: false,
    hint: 'Correct --header-row or --skip-footer; rows are counted as your spreadsheet or editor counts them.',
  },
  'input-unreachable': {
    title: 'The table cannot be fetched',
    retryable: true,
    hint: 'Open the address in a private browser window: it must lead to the file without signing in.',
  },
  'csv-empty': {
    title: 'The table is empty',
    retryable: false,
    hint: 'Write the names of the columns in the first line, then one customer per line.',
  },
  'csv-quotes': {
    title: 'A quote in the CSV is not closed',
    retryable: false,
    hint: 'Close the quote. Write a quote inside a quoted value twice (""). Nothing was rendered.',
  },
  'csv-too-wide': {
    title: 'A row of the table has too many cells',
    retryable: false,
    hint: 'Check the line named in the message: a line break may be missing there, or the file may not be a table. Nothing was rendered.',
  },
  'csv-columns': {
    title: 'The columns of the table do not match',
    retryable: false,
    hint: 'Rename the column, or name the right one: --help shows the options for it, such as --map "column=field" and --id. `bespoke templates` lists the fields of each template.',
  },
  'csv-ambiguous': {
    title: 'A column can be read in two ways',
    retryable: false,
    hint: 'Say how it is meant with --date-order or --decimal. Nothing was rendered.',
  },
  'record-invalid': {
    title: 'The record is invalid',
    retryable: false,
    hint: 'Correct the fields named in the message. `bespoke templates` lists the fields of each template.',
  },
  'worker-alone': {
    title: '`bespoke worker` requires REDIS_URL and DATABASE_URL',
    retryable: false,
    hint: 'Run `bespoke batch` without a worker, or set REDIS_URL, DATABASE_URL, BESPOKE_STORE and BESPOKE_SECRET as docs/production.md describes.',
  },
  'campaign-stopped': {
    title: 'The first rows all fail',
    retryable: false,
    hint: 'Correct what the message names, then run the same command again. `bespoke plan` shows mistakes of this kind before anything is drawn, if they are in facts, bindings or durations.',
  },
  'template-invalid': {
    title: 'A template is inconsistent',
    retryable: false,
    hint: 'Correct the template. `npm run types` and its own tests show such errors; docs/templates.md describes templates.',
  },
  'template-broken': {
    title: 'A template cannot be loaded',
    retryable: false,
    hint: 'Correct the file named in the message, then restart `bespoke serve` and the workers. All other templates work meanwhile.',
  },
  'templates-missing': {
    title: 'There are no templates',
    retryable: false,
    hint: 'Run the command in your project, set BESPOKE_TEMPLATES to the folder that holds a folder for each template, or begin with `bespoke init my-campaigns`. docs/templates.md describes templates.',
  },
  'template-failed': {
    title: 'The template does not work for this row',
    retryable: false,
    hint: 'Correct the template at the place named in the message, or correct the row, then run failed.csv. `bespoke studio --csv FILE --row N` opens the template with the row; `bespoke story check` finds more such places.',
  },
  'request-invalid': {
    title: 'The request is invalid',
    retryable: false,
    hint: 'Correct the parts named in the answer. /docs describes every request.',
  },
  'body-too-large': {
    title: 'The request is too large',
    retryable: false,
    hint: 'Send a smaller file, or ask the operator to raise BESPOKE_UPLOAD_LIMIT_MB.',
  },
  'request-timeout': {
    title: 'The request arrived too slowly',
    retryable: true,
    hint: 'Send it again over a faster connection. A body that arrives steadily can take up to 12 hours.',
  },
  'media-type-unsupported': {
    title: 'The request has the wrong content type',
    retryable: false,
    hint: 'Send JSON as application/json, a CSV as multipart/form-data. /docs says which.',
  },
  'key-missing': {
    title: 'No valid API key',
    retryable: false,
    hint: 'Send "Authorization: Bearer <key>"; commands send the key in BESPOKE_API_KEY. `bespoke keys create` creates a key, `bespoke keys list` shows which are revoked.',
  },
  'key-forbidden': {
    title: 'The API key does not allow this',
    retryable: false,
    hint: 'Use a key with the scope named in the message. `bespoke keys create --scope` creates one.',
  },
  'key-unknown': {
    title: 'No such API key',
    retryable: false,
    hint: 'Run `bespoke keys list` to see the keys and their ids.',
  },
  'rate-limited': {
    title: 'Too many requests',
    retryable: true,
    hint: 'Wait as many seconds as the header Retry-After says.',
  },
  'route-unknown': {
    title: 'No such route',
    retryable: false,
    hint: '/docs lists all routes.',
  },
  'method-unknown': {
    title: 'The route does not support this method',
    retryable: false,
    hint: 'Use a method that the header Allow lists. /docs describes them.',
  },
  'render-unknown': {
    title: 'No such render',
    retryable: false,
    hint: 'Use the id in the answer to POST /v1/renders.',
  },
  'campaign-unknown': {
    title: 'No such campaign',
    retryable: false,
    hint: 'Use the id in the answer to POST /v1/campaigns. `bespoke links list` and GET /v1/campaigns list all campaigns.',
  },
  'campaign-unfinished': {
    title: 'The campaign has not ended',
    retryable: true,
    hint: 'Wait until the campaign has ended. Its events, webhook or state show when.',
  },
  'delivery-unknown': {
    title: 'There is no such webhook delivery',
    retryable: false,
    hint: 'GET /v1/webhooks/deliveries lists them. Those of erased people are gone.',
  },
  'still-failed': {
    title: 'The picture cannot be drawn',
    retryable: false,
    hint: 'Choose a scene that this record shows, or look at the template with this record: `bespoke studio`.',
  },
  'stills-waiting': {
    title: 'Too many pictures are waiting',
    retryable: true,
    hint: 'Try again in a moment.',
  },
  'endpoint-unknown': {
    title: 'There is no such webhook endpoint',
    retryable: false,
    hint: 'GET /v1/webhooks/endpoints lists them.',
  },
  'endpoints-full': {
    title: 'There are too many webhook endpoints',
    retryable: false,
    hint: 'Delete one that you do not need: DELETE /v1/webhooks/endpoints/{id}. One endpoint can get all events.',
  },
  'render-unplanned': {
    title: 'The render is not planned yet',
    retryable: true,
    hint: 'Try again in a moment.',
  },
  'record-unknown': {
    title: 'There is no record to change',
    retryable: false,
    hint: 'Order the video with the whole record: PUT /v1/renders/by-customer/{linkKey}/{customerId} keeps the link of a customer.',
  },
  'idempotency-conflict': {
    title: 'The Idempotency-Key was used for another request',
    retryable: false,
    hint: 'Use a new Idempotency-Key for each new request. Repeat a request with its own.',
  },
  'link-unknown': {
    title: 'This link does not work',
    retryable: false,
    hint: 'The link has expired, was withdrawn or is incomplete. Ask the sender for a new one.',
  },
  'link-ended': {
    title: 'The link to this video has expired or was withdrawn',
    retryable: false,
    hint: 'Ask the sender for a new link.',
  },
  'film-in-making': {
    title: 'The video is being made again',
    retryable: true,
    hint: 'Try again in a moment. The earlier video is no longer available.',
  },
  'film-not-made': {
    title: 'The video could not be made again',
    retryable: true,
    hint: 'Open its page and try again there. The earlier video is no longer available.',
  },
  'session-unusable': {
    title: 'The session cannot be rendered',
    retryable: false,
    hint: 'Use a session whose video still exists, or give the choices with --path.',
  },
  'session-missing': {
    title: 'No viewer session',
    retryable: false,
    hint: 'Open the link of the video again.',
  },
  'rights-missing': {
    title: 'This link only allows watching',
    retryable: false,
    hint: 'Use the link that was sent to the person in the video.',
  },
  'origin-refused': {
    title: 'The request comes from another site',
    retryable: false,
    hint: 'Send it from the page of the video, or with `Authorization: Bearer` and the pass of a session.',
  },
  'clip-unavailable': {
    title: 'The clip is not available',
    retryable: false,
    hint: "Continue without the clip. The worker's log says why it could not be rendered.",
  },
  'range-invalid': {
    title: 'The requested range does not exist',
    retryable: false,
    hint: 'Request a range within the size in Content-Range, or the whole file.',
  },
  'webhook-target-refused': {
    title: 'This webhook target is not allowed',
    retryable: false,
    hint: 'Use a public https address. The operator can allow others with BESPOKE_WEBHOOK_ORIGINS.',
  },
  'service-unavailable': {
    title: 'The service cannot answer now',
    retryable: true,
    hint: 'Try again in a moment. /readyz shows which part is unavailable.',
  },
  'address-in-use': {
    title: 'The port is taken',
    retryable: false,
    hint: 'Choose another port with the option named in the message, or stop the program that listens there.',
  },
  'render-cancelled': {
    title: 'The render was cancelled',
    retryable: true,
    hint: 'Order the video again if you still need it.',
  },
  'server-stopped': {
    title: 'The server stopped before the work was done',
    retryable: true,
    hint: 'Run the same command again; finished work is kept. Without a server the command does the work itself.',
  },
  'server-unreachable': {
    title: 'The server cannot be reached',
    retryable: true,
    hint: 'Check BESPOKE_URL and that the server runs, then run the same command again. Finished work is kept.',
  },
  'server-incompatible': {
    title: 'The server has another version',
    retryable: false,
    hint: 'Check that BESPOKE_URL is the address of a Bespoke server, and use the same version of Bespoke on both sides.',
  },
  'store-away': {
    title: 'The store does not answer',
    retryable: true,
    hint: 'Check that the store runs and that this machine can reach it. Work continues when it answers.',
  },
  'store-refused': {
    title: 'The store refuses the connection',
    retryable: false,
    hint: 'Check bucket, region and credentials. The access key must be allowed to read, write and delete objects.',
  },
} as const satisfies Readonly<Record<string, ErrorKind>>;

export type ErrorCode = keyof typeof errorCatalogue;

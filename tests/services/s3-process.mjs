/**
 * An S3 server as a process of its own: `node s3-process.mjs <port> <folder> <bucket> [key.pem cert.pem]`.
 * s3rver verifies signatures; what it leaves out and clients rely on is added here: uploads that appear
 * whole or not at all, aborted multipart uploads, conditional writes, no access without a signature.
 * Its parent sets faults and asks for the requests made, by messages.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import S3rver from '@20minutes/s3rver';

const [port, folder, bucket, key, cert] = process.argv.slice(2);

const server = new S3rver({
  port: Number(port),
  address: '127.0.0.1',
  silent: true,
  directory: folder,
  vhostBuckets: false,
  configureBuckets: [{ name: bucket }],
  ...(key === undefined ? {} : { key: readFileSync(key), cert: readFileSync(cert) }),
});

const { store } = server;
const writeInPlace = store.putContent.bind(store);
store.putContent = async (objectPath, content) => {
  const part = join(folder, `part-${randomUUID()}`);
  try {
    const written = await writeInPlace(part, content);
    await rename(part, objectPath);
    return written;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
};

// A bucket has no folders: one that s3rver finds empty it removes with what was put there meanwhile.
store.deleteObject = async (name, object) => {
  const files = ['object', 'object.md5', 'metadata.json'].map((part) =>
    store.getResourcePath(name, object, part),
  );
  await Promise.all(files.map((file) => rm(file, { force: true })));
};

/** @type {{ kind: 'none' | 'refuse' | 'deny' | 'deny-absent' | 'hang' | 'lose' | 'slow-upload' | 'hold-upload' | 'unconditional' | 'cut-upload' | 'cut-download', address?: string, bytes?: number, times?: number, status?: number }} */
let fault = { kind: 'none' };
/** @type {string[]} */
let requests = [];

process.on('message', (message) => {
  if (message === 'requests') {
    process.send?.({ requests });
    requests = [];
  } else {
    fault = message;
    process.send?.({ set: true });
  }
});

function answer(ctx, status, code) {
  ctx.status = status;
  ctx.type = 'application/xml';
  ctx.body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
}

/** Ends the connection after so many bytes of the request or answer. */
function cutAfter(bytes, socket) {
  let seen = 0;
  return new Transform({
    transform(chunk, _encoding, done) {
      seen += chunk.length;
      if (seen > bytes) socket.destroy();
      else done(null, chunk);
    },
  });
}

const writesConditionally = (ctx) =>
  ctx.headers['if-none-match'] === '*' && ctx.method !== 'GET' && ctx.method !== 'HEAD';
const takesPart = (ctx) => 'uploadId' in ctx.query;
const spent = () => {
  if (fault.times === undefined) return;
  fault.times -= 1;
  if (fault.times <= 0) fault = { kind: 'none' };
};

async function misbehave(ctx, next) {
  const { kind, bytes = 0, status = 503 } = fault;
  if (kind === 'refuse') {
    spent();
    return answer(ctx, status, status === 503 ? 'SlowDown' : 'InternalError');
  }
  if (kind === 'deny') return answer(ctx, 403, 'AccessDenied');
  if (kind === 'lose' && ctx.method === 'GET') return answer(ctx, 404, 'NoSuchKey');
  if (kind === 'hang') return new Promise(() => undefined);
  if (kind === 'unconditional' && writesConditionally(ctx)) return answer(ctx, 501, 'NotImplemented');
  if (kind === 'slow-upload' && takesPart(ctx) && ctx.query.partNumber === '3') {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  }
  if (kind === 'hold-upload' && ctx.method === 'PUT' && ctx.url.includes(fault.address)) {
    requests.push(`${ctx.method} ${ctx.url}`);
    return new Promise(() => undefined);
  }
  if (kind === 'cut-upload' && ctx.method === 'PUT') {
    let seen = 0;
    ctx.req.on('data', (chunk) => {
      seen += chunk.length;
      if (seen > bytes) ctx.req.socket.destroy();
    });
    ctx.req.pause();
    spent();
  }
  await next();
  if (kind === 'cut-download' && ctx.method === 'GET' && typeof ctx.body?.pipe === 'function') {
    const length = ctx.length;
    ctx.body = ctx.body.pipe(cutAfter(bytes, ctx.req.socket));
    ctx.length = length;
    spent();
  }
}

/** One conditional write of an object at a time: the last of each. */
const writing = new Map();

async function asAmazonDoes(ctx, next) {
  requests.push(`${ctx.method} ${ctx.url}`);
  if (!('authorization' in ctx.headers) && !('X-Amz-Signature' in ctx.query)) {
    return answer(ctx, 403, 'AccessDenied');
  }
  const [, name, ...rest] = ctx.path.split('/');
  const object = rest.join('/');
  if (takesPart(ctx) && ctx.method === 'DELETE') {
    await rm(join(store.getResourcePath(name, undefined, 'uploads'), String(ctx.query.uploadId)), {
      recursive: true,
      force: true,
    });
    ctx.status = 204;
    return;
  }
  if (takesPart(ctx)) {
    const uploads = store.getResourcePath(name, undefined, 'uploads');
    const begun = await stat(join(uploads, String(ctx.query.uploadId))).catch(() => undefined);
    if (begun === undefined) return answer(ctx, 404, 'NoSuchUpload');
  }
  if (fault.kind === 'deny-absent' && ctx.method === 'HEAD' && !(await store.existsObject(name, object))) {
    return answer(ctx, 403, 'AccessDenied');
  }
  if (!writesConditionally(ctx)) return next();
  const before = writing.get(object);
  const write = (async () => {
    await before?.catch(() => undefined);
    if (await store.existsObject(name, object)) answer(ctx, 412, 'PreconditionFailed');
    else await next();
  })();
  writing.set(object, write);
  await write;
}

server.middleware.unshift(asAmazonDoes);
server.middleware.unshift(misbehave);
server.on('error', () => undefined);
await server.run();

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createProgram } from '../../cli/program.ts';
import { openTerminal } from '../../cli/terminal.ts';
import { remoteNames } from '../../cli/client/remote.ts';
import { environmentNames, parseConfig } from '../../worker/config.ts';
import {
  composeVariables,
  exampleVariables,
  readComposeFile,
  requiredVariables,
  type ComposeService,
} from '../container/compose-file.ts';
import { copiedPaths, ignorePatterns, instructions } from '../container/image-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const secrets = Object.fromEntries(requiredVariables.map((name) => [name, 'ab'.repeat(32)]));
const packageFile = z
  .object({
    exports: z.record(z.string(), z.unknown()),
    dependencies: z.record(z.string(), z.string()),
    engines: z.object({ node: z.string() }),
  })
  .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));

/** Tests and what they use, and programs of the workshop. */
const notRunThere = /\.test\.tsx?$|(?:^|\/)(?:test-|make-)[\w-]+\.ts$/;

const ofImage = (name: string): readonly string[] =>
  instructions.filter((each) => each.name === name).map(({ rest }) => rest);

describe('the image', () => {
  it('copies what is there and what .dockerignore lets through, and nothing else is let through', () => {
    for (const each of copiedPaths) expect(existsSync(path.join(root, each)), each).toBe(true);
    expect(ignorePatterns[0]).toBe('*');
    const letThrough = ignorePatterns.filter((each) => each.startsWith('!')).map((each) => each.slice(1));
    expect(letThrough.sort()).toEqual([...new Set(copiedPaths)].sort());
    expect(ignorePatterns).toContain('**/.env');
    expect(ignorePatterns).toContain('**/.bespoke');
  });

  it('has everything that its code imports', () => {
    const { exports: entryPoints } = packageFile;
    const folders = copiedPaths.filter(
      (each) => !path.extname(each) && each !== 'LICENSE' && each !== '.npmrc',
    );
    const files = folders.flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(tsx?|mjs|js)$/.test(file) && !notRunThere.test(file))
        .map((file) => path.join(folder, file)),
    );
    expect(files.length).toBeGreaterThan(100);
    const missing = files.flatMap((file) =>
      [...readFileSync(path.join(root, file), 'utf8').matchAll(/(?:\sfrom|import\(|^import) ?'([^'\n]+)'/gm)]
        .filter(([statement]) => !statement.includes('import type'))
        .map(([, name = '']) => name)
        .filter((name) => !isPresent(name, file))
        .map((name) => `${file}: ${name}`),
    );
    expect(missing).toEqual([]);

    function isPresent(name: string, file: string): boolean {
      if (name.startsWith('bespoke/')) return `.${name.slice('bespoke'.length)}` in entryPoints;
      if (name.startsWith('.')) {
        const target = path.posix.join(path.posix.dirname(file), name);
        return copiedPaths.includes(target.split('/')[0] ?? '');
      }
      const owner = name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/');
      return isBuiltin(name) || owner in packageFile.dependencies;
    }
  });

  it('runs as nobody special, with a Node that the project supports, and holds no secret', () => {
    expect(ofImage('USER').at(-1)).toBe('node');
    for (const each of ofImage('FROM')) expect(each).toMatch(/^node:20-bookworm-slim\b/);
    expect(packageFile.engines.node).toMatch(/^>=20\./);
    expect([...ofImage('ENV'), ...ofImage('ARG')].join(' ')).not.toMatch(/SECRET|PASSWORD|_KEY|TOKEN|_URL/);
    expect(copiedPaths).not.toContain('.');
  });

  it('keeps its state on a volume that its user owns, and has a health check and an init', () => {
    const workspace = /BESPOKE_WORKSPACE=(\S+)/.exec(ofImage('ENV').join(' '))?.[1];
    expect(ofImage('VOLUME')).toEqual([workspace]);
    expect(ofImage('RUN').join(' ')).toContain(`install -d -o node -g node -m 0700 ${workspace}`);
    expect(ofImage('HEALTHCHECK').join(' ')).toContain('docker/healthcheck.mjs');
    expect(ofImage('ENTRYPOINT')[0]).toMatch(/^\["tini"/);
    expect(ofImage('RUN').join(' ')).toMatch(/apt-get install .*chromium-headless-shell.* espeak-ng.* tini/);
  });

  it('starts a command that there is', () => {
    const [command = ''] = ofImage('CMD');
    expectUnderstood(z.array(z.string()).parse(JSON.parse(command)));
  });
});

/** Lets the real program look at a command line without running it. */
function expectUnderstood([name = '', ...args]: readonly string[]): void {
  const terminal = openTerminal({ stdout: process.stdout, stderr: process.stderr, env: {} }, false);
  const deployment = { loadRegistry: () => Promise.resolve([]) };
  const program = createProgram({ deployment, terminal, environment: {} }, () => undefined);
  const command: Command | undefined = program.commands.find((each) => each.name() === name);
  const { operands, unknown } = command?.exitOverride().parseOptions([...args]) ?? {};
  expect({ name, operands, unknown }).toEqual({ name, operands: [], unknown: [] });
}

describe('the compose file', () => {
  const { services, networks, volumes } = readComposeFile(secrets);
  const ours: readonly ComposeService[] = [services.api, services.worker];

  it('starts commands that there are', () => {
    for (const { command = [] } of ours) expectUnderstood(command);
  });

  it('sets only variables that are read, to values that can be used', () => {
    for (const { environment } of ours) {
      expect(Object.keys(environment).filter((name) => !environmentNames.includes(name))).toEqual([]);
      const config = parseConfig(environment);
      expect(config.store).toEqual({ kind: 'folder', folder: '/store' });
      expect(new URL(config.redisUrl ?? '').hostname).toBe('redis');
      expect(new URL(config.databaseUrl ?? '').hostname).toBe('postgres');
      expect(config.secret).toHaveLength(64);
    }
  });

  it('hands over every setting that docs/production.md names, and the docs name every one that is read', () => {
    const guide = readFileSync(path.join(root, 'docs/production.md'), 'utf8');
    const named = [
      ...guide.matchAll(
        /\b(?:BESPOKE_[A-Z\d_]+|REDIS_URL|DATABASE_URL|REMOTION_LICENSE_KEY|(?:HTTPS|NO)_PROXY)\b/g,
      ),
    ];
    // A server does not read what commands elsewhere need to reach it.
    const settings = new Set(named.map(([name]) => name).filter((name) => !remoteNames.includes(name)));
    expect([...settings].sort()).toEqual([...environmentNames].sort());
    // Both are the image's own: it keeps its state on its volume, and brings the browser along.
    const imageOwn = ['BESPOKE_WORKSPACE', 'BESPOKE_BROWSER'];
    const wanted = [...settings].filter((name) => !imageOwn.includes(name));
    for (const { environment } of ours) expect(Object.keys(environment).sort()).toEqual(wanted.sort());
  });

  it('passes on what .env sets', () => {
    const values = {
      BESPOKE_LINK_DAYS: '7',
      BESPOKE_UPLOAD_LIMIT_MB: '8',
      BESPOKE_RATE_LIMIT: '9',
      BESPOKE_CLIP_TIMEOUT_S: '10',
    };
    const { environment } = readComposeFile({ ...secrets, ...values }).services.api;
    expect(parseConfig(environment)).toMatchObject({
      linkDays: 7,
      uploadLimitBytes: 8_000_000,
      rateLimit: 9,
      clipTimeoutMs: 10_000,
    });
  });

  it('mounts the project with the templates, which nothing there may change', () => {
    const { environment, volumes: used } = readComposeFile({
      ...secrets,
      PROJECT_FOLDER: '../my-campaigns',
      BESPOKE_TEMPLATES: '/project/templates',
    }).services.worker;
    expect(used).toContain('../my-campaigns:/project:ro');
    expect(environment).toMatchObject({ BESPOKE_TEMPLATES: '/project/templates' });
  });

  it('takes a bucket instead of the volume', () => {
    const { environment } = readComposeFile({
      ...secrets,
      BESPOKE_STORE: 's3://our-videos/live',
      BESPOKE_S3_ACCESS_KEY_ID: 'id',
      BESPOKE_S3_SECRET_ACCESS_KEY: 'secret',
    }).services.worker;
    expect(parseConfig(environment).store).toMatchObject({
      kind: 's3',
      bucket: 'our-videos',
      prefix: 'live/',
    });
  });

  it('names in .env.example exactly what it takes, secrets without a value', () => {
    expect(exampleVariables.map(({ name }) => name).sort()).toEqual([...composeVariables].sort());
    for (const name of requiredVariables) {
      expect(exampleVariables.find((each) => each.name === name)).toEqual({ name, value: '' });
    }
    expect(() => readComposeFile({})).toThrow(/set it in \.env/);
  });

  it('gives each process more time to stop than it takes for itself', () => {
    for (const { command = [], stop_grace_period: period } of ours) {
      const grace = Number(command[command.indexOf('--grace') + 1]);
      expect(grace).toBeGreaterThan(0);
      expect(Number.parseInt(period)).toBeGreaterThanOrEqual(grace + 10);
    }
  });

  it('checks the health of every service, and starts ours when theirs are well', () => {
    for (const { healthcheck } of [services.redis, services.postgres]) expect(healthcheck).toBeDefined();
    const port = /127\.0\.0\.1:(\d+)\/healthz/.exec(
      readFileSync(path.join(root, 'docker/healthcheck.mjs'), 'utf8'),
    )?.[1];
    expect(services.worker.command).toContain(port);
    expect(services.api.ports).toEqual([`127.0.0.1:${port}:${port}`]);
    for (const { depends_on } of ours) {
      expect(depends_on).toEqual({
        redis: { condition: 'service_healthy' },
        postgres: { condition: 'service_healthy' },
      });
    }
  });

  it('lets nobody outside reach Redis and PostgreSQL', () => {
    for (const service of [services.redis, services.postgres]) {
      expect(service.ports).toEqual([]);
      expect(service.networks.every((name) => networks[name]?.internal)).toBe(true);
    }
  });

  it('keeps jobs: no eviction, an append-only file, a volume', () => {
    const command = services.redis.command?.join(' ') ?? '';
    expect(command).toContain('--maxmemory-policy noeviction');
    expect(command).toContain('--appendonly yes');
    for (const { volumes: used } of Object.values(services)) {
      const named = used.map((each) => each.split(':')[0] ?? '').filter((each) => !/^[./]/.test(each));
      for (const name of named) expect(Object.keys(volumes)).toContain(name);
    }
  });

  it('gives our processes no rights that they do not need', () => {
    for (const service of ours) {
      expect(service).toMatchObject({ read_only: true, privileged: false, cap_drop: ['ALL'] });
      expect(service.tmpfs.some((each) => each.startsWith('/tmp'))).toBe(true);
    }
  });
});

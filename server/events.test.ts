import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type StateEvent, SnapshotFeed } from './events.ts';

const snapshot = (id: string, ended = false, json = `"${id}"`): StateEvent => ({ id, json, ended });

/** A subject whose snapshot tests set, and a feed that looks often. */
function watched(first: StateEvent | undefined, heartbeatMs = 60_000) {
  const subject = { now: first, reads: 0, away: false };
  const feed = new SnapshotFeed(
    async () => {
      subject.reads += 1;
      if (subject.away) throw new Error('away');
      return subject.now;
    },
    { pollMs: 5, heartbeatMs },
  );
  return { subject, feed };
}

async function openStream(feed: SnapshotFeed, known?: string): Promise<Readable> {
  const stream = await feed.open('a', known);
  if (typeof stream === 'string') throw new Error(`No stream: ${stream}`);
  return stream;
}

const event = (id: string): string => `id: ${id}\ndata: "${id}"\n\n`;
const begin = 'retry: 2000\n\n';

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2);
}

describe('SnapshotFeed', () => {
  it('tells how it stands, each change, and the end', async () => {
    const { subject, feed } = watched(snapshot('1'));
    const stream = await openStream(feed);
    let read = '';
    stream.on('data', (chunk: string) => (read += chunk));
    await until(() => read.includes('id: 1'));
    subject.now = snapshot('2');
    await until(() => read.includes('id: 2'));
    subject.now = snapshot('3', true);
    await once(stream, 'end');
    expect(read).toBe(begin + event('1') + event('2') + event('3'));
  });

  it('tells a client that comes back only what it does not know, and 204 after the end', async () => {
    const { subject, feed } = watched(snapshot('2'));
    const stream = await openStream(feed, '2');
    const all = text(stream);
    await sleep(20);
    subject.now = snapshot('3', true);
    expect(await all).toBe(begin + event('3'));
    expect(await feed.open('a', '3')).toBe('ended');
    expect(await text(await openStream(feed, '2'))).toBe(begin + event('3'));
  });

  it('knows what there is not', async () => {
    const { feed } = watched(undefined);
    expect(await feed.open('a', undefined)).toBe('unknown');
  });

  it('looks once for all who watch, and not at all when nobody does', async () => {
    const { subject, feed } = watched(snapshot('1'));
    const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(feed)));
    for (const stream of streams) stream.resume();
    const before = subject.reads;
    await sleep(60);
    expect(subject.reads - before).toBeLessThan(20);
    const closed = streams.map((stream) => once(stream, 'close'));
    for (const stream of streams) stream.destroy();
    await Promise.all(closed);
    const after = subject.reads;
    await sleep(30);
    expect(subject.reads - after).toBeLessThanOrEqual(1);
  });

  it('keeps one snapshot for a client that does not read, however many there were', async () => {
    const { subject, feed } = watched(snapshot('0', false, '"begin"'));
    const stream = await openStream(feed);
    const big = 'x'.repeat(1_000_000);
    for (let change = 1; change <= 50; change += 1) {
      subject.now = snapshot(String(change), false, `"${big}"`);
      const { reads } = subject;
      await until(() => subject.reads > reads + 1);
    }
    expect(stream.readableLength).toBeLessThan(2_000_000);
    subject.now = snapshot('end', true, '"end"');
    const read = await text(stream);
    expect(read.length).toBeLessThan(3_000_000);
    expect(read).toMatch(/id: end\ndata: "end"\n\n$/);
  });

  it('stays open while what it looks at is away', async () => {
    const { subject, feed } = watched(snapshot('1'), 10);
    const stream = await openStream(feed);
    const all = text(stream);
    subject.away = true;
    await sleep(30);
    subject.away = false;
    subject.now = snapshot('2', true);
    const read = await all;
    expect(read).toContain(':\n\n');
    expect(read).toContain(event('2'));
  });

  it('ends all streams when it is closed, and opens no more', async () => {
    const { feed } = watched(snapshot('1'));
    const all = text(await openStream(feed));
    await sleep(10);
    feed.close();
    expect(await all).toBe(begin + event('1'));
    await expect(feed.open('a', undefined)).rejects.toMatchObject({ code: 'service-unavailable' });
  });
});

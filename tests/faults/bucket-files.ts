import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { TestS3 } from '../services/s3-server.ts';
import { decodeFile } from './shelves.ts';

const content = '._S3rver_object';

/** The objects of a test server's bucket: names by shelf. */
export async function bucketShelves({
  folder,
  access,
}: TestS3): Promise<ReadonlyMap<string, readonly string[]>> {
  const shelves = new Map<string, string[]>();
  for (const file of await readdir(path.join(folder, access.bucket, 'live'), { recursive: true })) {
    if (!file.endsWith(content)) continue;
    const [shelf = ''] = file.split(path.sep);
    const names = shelves.get(shelf) ?? [];
    shelves.set(shelf, [...names, path.basename(file, content)]);
  }
  return shelves;
}

/** The objects of a test server's bucket that are not whole, with the reason. */
export async function brokenObjects({ folder, access }: TestS3): Promise<readonly string[]> {
  const root = path.join(folder, access.bucket, 'live');
  const broken: string[] = [];
  for (const file of await readdir(root, { recursive: true })) {
    if (!file.endsWith(content) || file.startsWith('inputs')) continue;
    const extension = path.extname(path.basename(file, content));
    await decodeFile(path.join(root, file), extension).catch((error: unknown) =>
      broken.push(`${file}: ${String(error)}`),
    );
  }
  return broken;
}

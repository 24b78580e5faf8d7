import { labelled } from '../terminal/labelled.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What a person wants to know of a server that has just started. */
export interface Welcome {
  /** Where this process can be reached from this machine. */
  readonly address: string;
  /** What clients are told, where that is another address. */
  readonly publicUrl: string;
  /** The text of the key that was made because there was none. */
  readonly firstKey: string | undefined;
  /** A template and a record to try it with. */
  readonly example: { readonly template: string; readonly record: object };
  /** Clips at a time; `undefined` where others render. */
  readonly parallelClips: number | undefined;
  /** It listens beyond this machine, but links in its answers lead to this machine only. */
  readonly linksLeadHere: boolean;
}

/** For a POSIX shell, in single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Says where a server is reached and, the first time, with which key. */
export function sayWelcome(terminal: Terminal, welcome: Welcome): void {
  const { say, paint } = terminal;
  const { address, publicUrl, firstKey, example, parallelClips, linksLeadHere } = welcome;
  const line = (label: string, text: string): void => say(labelled(label, [text], paint));
  line('Address', address);
  if (publicUrl !== address) line('Public', publicUrl);
  line('Docs', `${address}/docs`);
  line(
    'Worker',
    parallelClips === undefined
      ? 'none here; `bespoke worker` renders'
      : `${parallelClips} ${parallelClips === 1 ? 'clip' : 'clips'} at a time`,
  );
  if (linksLeadHere) {
    say(
      `\n${paint.yellow('Note')}   It listens beyond this machine, but BESPOKE_PUBLIC_URL is not set: links in its answers begin with ${publicUrl}.`,
    );
  }
  if (firstKey !== undefined) {
    say(`\nThe first API key, for everything. It is shown only now:\n\n  ${paint.bold(firstKey)}\n`);
    say(`Try it:\n`);
    say(`  curl -s ${address}/v1/renders \\`);
    say(`    -H ${quoted(`Authorization: Bearer ${firstKey}`)} \\`);
    say(`    -H 'Content-Type: application/json' \\`);
    say(`    -d ${quoted(JSON.stringify({ ...example, quality: 'draft' }))}\n`);
  }
  say('Ready. Ctrl-C stops.');
}

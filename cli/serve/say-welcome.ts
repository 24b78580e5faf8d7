import { labelled } from '../terminal/labelled.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** What a server shows when it has started. */
export interface Welcome {
  /** Where this process can be reached from this machine. */
  readonly address: string;
  /** The address in links, which can be another one. */
  readonly publicUrl: string;
  /** The key that was created because there was none. */
  readonly firstKey: string | undefined;
  /** A template and a record to try it with. */
  readonly example: { readonly template: string; readonly record: object };
  /** Clips at a time; `undefined` where other processes render. */
  readonly parallelClips: number | undefined;
  /** The server listens on all addresses, but its links only work on this machine. */
  readonly linksLeadHere: boolean;
}

/** For a POSIX shell, in single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Shows the address of a server and, the first time, its key. */
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
      `\n${paint.yellow('Note')}   The server listens on all addresses, but BESPOKE_PUBLIC_URL is not set, so links start with ${publicUrl}. Set it to the address that viewers use.`,
    );
  }
  if (firstKey !== undefined) {
    say(`\nYour first API key, with all scopes. It is shown only once:\n\n  ${paint.bold(firstKey)}\n`);
    say(`Try it:\n`);
    say(`  curl -s ${address}/v1/renders \\`);
    say(`    -H ${quoted(`Authorization: Bearer ${firstKey}`)} \\`);
    say(`    -H 'Content-Type: application/json' \\`);
    say(`    -d ${quoted(JSON.stringify({ ...example, quality: 'draft' }))}\n`);
  }
  say('Ready. Ctrl-C stops.');
}

/** What a page shows as the answer to its commands. */
export interface ShownAnswer {
  readonly kind: 'json' | 'http' | 'text';
  readonly content: string;
}

/** One block of commands, to be run by a shell, and what it answers. */
export interface Step {
  readonly commands: string;
  readonly answer: ShownAnswer | undefined;
}

/** The parts of a page that can be proven. */
export interface GuidePage {
  /** In the order in which a reader runs them. */
  readonly steps: readonly Step[];
  /** Files that the page gives in full, by name: a bold name, then a block. */
  readonly files: ReadonlyMap<string, string>;
}

const block = /(?:^\*\*`([^`\n]+)`\*\*\n\n)?^```(\w+)\n(.*?)^```$/gms;

const isAnswer = (language: string): language is ShownAnswer['kind'] =>
  language === 'json' || language === 'http' || language === 'text';

/** Reads a page of Markdown: `sh` blocks are run, a `json`, `http` or `text` block behind one is its answer. */
export function readGuidePage(markdown: string): GuidePage {
  const steps: Step[] = [];
  const files = new Map<string, string>();
  for (const [, file, language = '', content = ''] of markdown.matchAll(block)) {
    const last = steps.at(-1);
    if (file !== undefined) files.set(file, content);
    else if (language === 'sh') steps.push({ commands: content, answer: undefined });
    else if (isAnswer(language)) {
      if (last === undefined || last.answer !== undefined)
        throw new Error(`This block is the answer to no commands:\n${content}`);
      steps[steps.length - 1] = { ...last, answer: { kind: language, content } };
    }
  }
  return { steps, files };
}

import { openAsBlob } from 'node:fs';
import path from 'node:path';
import type { Advice } from '../../client/api-client.ts';
import { errors } from '../../errors/messages.ts';
import { advicePage } from '../../worker/advice/advice-page.ts';
import { groupAlike, sayApplied } from '../../worker/advice/recommend.ts';
import { adviceWords, levelMeanings, levelWords } from '../../worker/advice/words.ts';
import { askClient } from '../client/with-client.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import { campaignOptions, checkChoice, inputResult, sayInput, type CsvOptions } from '../input.ts';
import type { AdviceResult } from '../json-results.ts';
import { labelled, typedPath, typedWord } from '../layout.ts';
import { orderOptions, type Money, type OrderOptions } from '../options.ts';
import { takeJoined } from '../join-input.ts';
import { plain, wrapWords, type Terminal } from '../terminal.ts';
import { writePage } from '../write-page.ts';

/** The flags of `bespoke advise`, parsed. */
export interface AdviseOptions extends CsvOptions, OrderOptions {
  /** ISO 8601 with its offset. */
  readonly by?: string;
  readonly budget?: Money;
  readonly hourPrice?: Money;
  /** False for `--no-pictures`. */
  readonly pictures: boolean;
  readonly html?: string;
  readonly apply?: boolean;
}

/** Flags that `batch` does not take, and how many words each is. */
const ownFlags: Readonly<Record<string, number>> = {
  ...{ '--by': 2, '--budget': 2, '--hour-price': 2, '--html': 2, '--coarser': 2 },
  ...{ '--apply': 1, '--json': 1, '--no-pictures': 1 },
};

/** The command that orders what advice was asked about, with the advice applied. @param args as they were typed. */
export function batchCommand(args: readonly string[], coarser: readonly string[]): string {
  const [, ...rest] = args;
  const kept: string[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] ?? '';
    const [flag = ''] = word.split('=', 1);
    const words = ownFlags[flag];
    if (words === undefined) kept.push(word);
    else if (words === 2 && !word.includes('=')) at += 1;
  }
  const words = ['bespoke', 'batch', ...kept, ...coarser.flatMap((field) => ['--coarser', field])];
  return words.map(typedWord).join(' ');
}

const markWidth = 9;

function printAdvice(terminal: Terminal, advice: Advice): void {
  const { factors, level } = advice;
  const { result, paintResult: paint, resultColumns } = terminal;
  const colours = { ready: paint.green, 'with-care': paint.yellow, 'not-yet': paint.red } as const;
  const marks = { ready: 'ready', 'with-care': 'care', 'not-yet': 'not yet' } as const;
  const width = Math.max(40, Math.min(resultColumns(), 110) - markWidth - 4);
  const indent = ' '.repeat(markWidth + 4);
  const block = (text: string): string => wrapWords(plain(text), width).join(`\n${indent}`);
  for (const { title, level: ofFactor, findings } of factors) {
    result(`\n  ${paint.bold(title)}  ${colours[ofFactor](levelWords[ofFactor].toLowerCase())}`);
    for (const each of findings) {
      result(`    ${colours[each.level](marks[each.level].padEnd(markWidth))}${block(each.message)}`);
      if (each.remedy !== null) result(`${indent}${paint.dim(block(each.remedy))}`);
    }
  }
  result(`\n  ${paint.bold('What to do with each field')}`);
  const grouped = groupAlike(advice);
  const wide = (texts: readonly string[]): number => Math.max(...texts.map((text) => [...text].length), 0);
  const names = wide(grouped.map(({ label }) => label));
  const words = wide(grouped.map((each) => adviceWords[each.advice]));
  const before = ' '.repeat(names + words + 8);
  const room = Math.max(40, Math.min(resultColumns(), 110) - before.length);
  for (const { label, advice: what, reason } of grouped) {
    const name = label + ' '.repeat(names - [...label].length);
    const lines = wrapWords(plain(reason), room).join(`\n${before}`);
    result(`    ${name}  ${paint.bold(adviceWords[what].padEnd(words))}  ${lines}`);
  }
  result(`\n  ${colours[level](paint.bold(`${levelWords[level]}.`))} ${levelMeanings[level]}\n`);
}

/** The currency of price and budget. @throws BespokeError `usage-invalid` where they differ. */
function currencyOf({ budget, hourPrice }: AdviseOptions): string | undefined {
  const [one, other] = [hourPrice?.currency, budget?.currency];
  if (one !== undefined && other !== undefined && one !== other) {
    throw errors.optionInvalid({ option: '--budget', takes: `an amount in ${one}`, value: other });
  }
  return one ?? other;
}

/**
 * Says whether a file, a template and this deployment are ready for a campaign. Renders and queues nothing.
 *
 * @returns 1 when a factor is not ready yet.
 */
export async function runAdviseCommand(
  context: CommandContext,
  csv: string,
  options: AdviseOptions,
): Promise<number> {
  const { terminal, args = [] } = context;
  const { by, budget, hourPrice, pictures } = options;
  const currency = currencyOf(options);
  if (budget !== undefined && hourPrice === undefined) throw errors.budgetWithoutPrice();
  const order = orderOptions(options);
  const choice = await checkChoice(context, options);
  const { file, name, layout, reports } = await takeJoined(context, csv, choice.template, options);
  const request = {
    ...choice,
    quality: options.quality,
    ...campaignOptions(options, layout),
    ...order,
    ...{ by, currency },
    ...{ budget: budget?.amount, hourPrice: hourPrice?.amount },
    ...(!pictures && { pictures }),
  };
  const advice = await askClient(context, async ({ client }, signal) =>
    client.advise({ file: await openAsBlob(file), fileName: name }, request, { signal }),
  );
  const { apply, level } = advice;
  const applying = batchCommand(args, apply?.coarser ?? options.coarser ?? []);
  const page = options.html === undefined ? undefined : path.resolve(options.html);
  if (page !== undefined) await writePage(page, advicePage(advice, applying));
  const code = level === 'not-yet' ? exitCodes.errorsFound : exitCodes.ok;
  terminal.json({
    ...advice,
    input: inputResult(csv, advice.input),
    command: applying,
    page: page ?? null,
  } satisfies AdviceResult);
  if (options.apply === true) {
    terminal.result(applying);
    return code;
  }
  sayInput(terminal, advice.input, reports);
  const { template, format, quality } = advice;
  terminal.say(labelled('Template', [`${template} · ${format} · ${quality}`], terminal.paint));
  printAdvice(terminal, advice);
  const { paintResult: paint, result } = terminal;
  if (apply === null) result(labelled('Order', [applying], paint));
  else result(labelled('Apply', [applying, sayApplied(advice)], paint));
  if (page !== undefined) result(labelled('Page', [typedPath(page)], paint));
  return code;
}

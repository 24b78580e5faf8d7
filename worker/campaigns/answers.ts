import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import pMap from 'p-map';
import { guardFormula } from '../../data/csv/check-row.ts';
import { openCsv, padded, type ResultsForm } from '../../data/csv/write-tables.ts';
import { writeDecimal } from '../../data/parse-values.ts';
import {
  answersOf,
  questionsOf,
  type StoryQuestions,
  type ViewerAnswers,
} from '../viewers/viewer-answers.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { requestedTemplate } from './request.ts';
import { openSource } from './results.ts';

/** The answers of a campaign's viewers, as a file that is there until it is disposed of. */
export interface CampaignAnswers {
  readonly file: string;
  readonly dispose: () => Promise<void>;
}

/** The columns of what a story asks. They are no `bespoke_*` columns, which an input would not read. */
const answerColumns = ({ nodes, variables, consents }: StoryQuestions): readonly string[] => [
  ...nodes.map((node) => `choice_${node}`),
  ...variables.map((variable) => `answer_${variable}`),
  ...consents.map((variable) => `consent_${variable}`),
];

/** What viewers write is no formula of ours. A number is written as inputs read it. */
const textOf = (value: string | number | boolean | undefined): string =>
  typeof value === 'number' ? writeDecimal(value) : guardFormula(String(value ?? ''));

/** An answer that the viewer was asked to agree to stays in their session until they do. */
function answerCells(asked: StoryQuestions, { choices, values, consents }: ViewerAnswers): readonly string[] {
  const isGiven = (variable: string): boolean => !asked.consents.includes(variable) || consents.has(variable);
  return [
    ...asked.nodes.map((node) => textOf(choices.get(node))),
    ...asked.variables.map((variable) => textOf(isGiven(variable) ? values.get(variable) : undefined)),
    ...asked.consents.map((variable) => String(consents.has(variable))),
  ];
}

const pageSize = 1000;
/** Other requests read meanwhile, too. */
const readAtOnce = 4;

/** What the owners of a campaign's links said, by row, page by page. */
async function* answeredRows(pipeline: Pipeline, campaign: string) {
  for (let after = 0; ;) {
    const page = await pipeline.renders.list(campaign, after, pageSize);
    const sessions = await pipeline.viewers.ownerSessions(page.map(({ id }) => id));
    const read = await pMap(
      page,
      async ({ id, row }) => {
        const session = sessions.get(id);
        return { row, answers: session && (await answersOf(pipeline, id, session)) };
      },
      { concurrency: readAtOnce },
    );
    for (const { row, answers } of read) if (answers) yield { row, answers };
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.row;
  }
}

const folded = (name: string): string => name.trim().toLowerCase();

/**
 * Writes what viewers chose and answered: the rows of the campaign's input whose customer has started to watch, with
 * their cells unaltered, then a column for each question of the story. It can be the input of another campaign.
 * Columns of an earlier such file are replaced. Memory does not grow with the rows.
 *
 * @returns `undefined` when there is no such campaign; `dispose` of the file when it was read.
 * @throws BespokeError `stored-file-missing` when its input is gone; `csv-columns`, `template-unknown` and
 * `template-failed` when its template was changed since or removed.
 */
export async function writeCampaignAnswers(
  pipeline: Pipeline,
  id: string,
  { delimiter, bom }: ResultsForm = {},
): Promise<CampaignAnswers | undefined> {
  const { campaigns, registry, store } = pipeline;
  const campaign = await campaigns.find(id);
  if (campaign?.kind !== 'campaign') return undefined;
  const input = await openSource(pipeline, campaign);
  const asked = questionsOf(requestedTemplate(registry, campaign.template).template.story);
  const columns = answerColumns(asked);
  const replaced = new Set(columns.map(folded));
  const kept = input.header.flatMap((title, index) => (replaced.has(folded(title)) ? [] : [index]));
  const pick = (cells: readonly string[]): readonly string[] => kept.map((index) => cells[index] ?? '');
  const folder = await store.scratch('answers');
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await mkdir(folder, { mode: 0o700 });
    const file = path.join(folder, 'answers.csv');
    const header = [...pick(input.header), ...columns];
    const writer = openCsv(file, { header, delimiter: delimiter ?? input.delimiter, bom });
    try {
      const rows = input.rows();
      for await (const { row, answers } of answeredRows(pipeline, id)) {
        let read = await rows.next();
        while (read.done !== true && read.value.row < row) read = await rows.next();
        if (read.done === true) break;
        const { cells } = read.value;
        await writer.put([...pick(padded(cells, input.header.length)), ...answerCells(asked, answers)]);
      }
      await rows.return(undefined);
      await writer.finish();
    } finally {
      await writer.discard();
    }
    return { file, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

import { expect, it } from 'vitest';
import type { CampaignReport } from '../worker/measurement/report-schema.ts';
import { formatWatching } from './format-watching.ts';
import { createPaint } from './terminal.ts';

const steps = {
  ...{ opened: 3, started: 3, watched25: 3, watched50: 2, watched75: 1, watched95: 1, ended: 1 },
  ...{ chose: 0, answered: 0, linkShown: 0, linkFollowed: 0, captions: 0, read: 0, shared: 0 },
  ...{ privacyOpened: 0, corrected: 0, returned: 0, averageShare: 0.5 },
};

const clipOf = (offer: string) => ({
  ...{ clip: offer, inputs: { offer, title: `Your next year with ${offer} begins on the first of March` } },
  ...{ entered: 1, stayed: 1, seconds: [] },
});

// Five customers had a video, and one of them was erased since.
const report: Pick<CampaignReport, 'watching' | 'viewers' | 'sent'> = {
  sent: 4,
  viewers: { devices: [], days: [] },
  watching: {
    ...{ withVideo: 5, viewers: steps, guests: { ...steps, opened: 0 } },
    notCounted: { unconfirmed: 0, machines: [] },
    ...{ days: [], segments: [], variants: [], formats: [], devices: [], decisions: [], ways: [] },
    scenes: [
      {
        ...{ node: 'offer', entered: 3, stayed: 2, left: 1, seconds: [] },
        clips: [clipOf('Plus'), clipOf('Basic')],
      },
    ],
  },
};

const text = formatWatching(report, createPaint(false)).join('\n');

it('shares are of everyone who had a video, also of those who were erased since', () => {
  expect(text).toMatch(/opened the page +3 +60 %/);
  expect(text).toContain('Also counted: 1 customer erased since, or whose video was deleted.');
});

it('names of clips are cut after a word', () => {
  expect(text).toMatch(/^ +offer: Plus, title: Your next year with… +1/m);
  expect(text).toMatch(/^ +offer: Basic, title: Your next year with… +1/m);
});

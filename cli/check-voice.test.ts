import { expect, it } from 'vitest';
import { parseConfig } from '../worker/config.ts';
import { checkVoice } from './check-voice.ts';
import { guarded } from './machine-checks.ts';

it('says that there is none, which is all right', async () => {
  const { state, found } = await checkVoice(parseConfig({}));
  expect([state, found.split(' ')[0]]).toEqual(['ok', 'none']);
});

it('says why one does not speak, without its key', async () => {
  const config = parseConfig({
    BESPOKE_SPEECH: 'openai',
    BESPOKE_SPEECH_URL: 'http://127.0.0.1:9',
    BESPOKE_SPEECH_KEY: 'a-key',
  });
  const finding = await guarded('Voice', () => checkVoice(config));
  expect(finding).toMatchObject({ name: 'Voice', state: 'fail' });
  expect(finding.found).toContain('The voice is unavailable.');
  expect(JSON.stringify(finding)).not.toContain('a-key');
});

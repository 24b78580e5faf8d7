import { defineScene, defineTemplate, text } from 'bespoke/template';
import { z } from 'zod';

export const hello = defineTemplate({
  id: 'hello',
  record: { firstName: text({ label: 'First name', personal: true, means: 'first name' }) },
  scenes: {
    greeting: defineScene({ inputs: z.object({ firstName: z.string() }), durationInFrames: 90 }),
  },
});

import { expect, it } from 'vitest';
import { choice, text } from '../fields.ts';
import { nameFields } from './name-fields.ts';

const fields = {
  firstName: text({ label: 'First name', personal: true, aliases: ['given name'] }),
  plan: choice(['Basic', 'Plus'], { label: 'Plan', personal: false }),
};

it('matches names as headers are matched, and keeps what fills no field', () => {
  expect(nameFields(fields, { first_name: 'Anna', PLAN: 'Plus', note: 1 })).toEqual({
    ...{ firstName: 'Anna', plan: 'Plus', note: 1 },
  });
  expect(nameFields(fields, { 'Given name': 'Anna', plan: 'Plus' })).toEqual({
    firstName: 'Anna',
    plan: 'Plus',
  });
  expect(nameFields(fields, { first_name: 'Anna', note: 1 }, 'ignore')).toEqual({ firstName: 'Anna' });
});

it('lets the name of a field win, and takes no side between two others', () => {
  const both = { firstName: 'Anna', first_name: 'Bo' };
  expect(nameFields(fields, both)).toEqual(both);
  expect(nameFields(fields, both, 'ignore')).toEqual({ firstName: 'Anna' });
  const unclear = { first_name: 'Anna', 'FIRST NAME': 'Bo' };
  expect(nameFields(fields, unclear)).toEqual(unclear);
});

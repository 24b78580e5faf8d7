import { expect, it } from 'vitest';
import { markState, processMark } from './scratch-folder.ts';

it('knows its own mark as running', () => {
  expect(markState(processMark())).toBe('running');
});

it('knows that a process has ended whose number another one has now', () => {
  const [host, pid, , chance] = processMark().split('.');
  expect(markState([host, pid, '1', chance].join('.'))).toBe('ended');
});

it('knows that a process number is free', () => {
  const [host, , start, chance] = processMark().split('.');
  expect(markState([host, 4_000_000, start, chance].join('.'))).toBe('ended');
});

it('cannot tell for other machines or other names', () => {
  expect(markState('elsewhere-.12.5.ab')).toBe('unknown');
  expect(markState('notes')).toBe('unknown');
});

import type { Frame, Locator, Page } from 'playwright-core';

/** The button of a choice, below the frame. */
export const choice = (page: Page | Frame, id: string): Locator =>
  page.locator(`.choices [data-choice="${id}"]`);

/** A button by what it is called. */
export const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });

/** Pixels of the content that cannot be seen without scrolling. */
export const hiddenPixels = (page: Page | Frame): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);

import type { Frame, Locator, Page } from 'playwright-core';

/** The button of a choice, below the frame. */
export const choice = (page: Page | Frame, id: string): Locator =>
  page.locator(`.choices [data-choice="${id}"]`);

/** A button by what it is called. */
export const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });

/** Pixels of the content that cannot be seen without scrolling. */
export const hiddenPixels = (page: Page | Frame): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);

/** @returns what the page says from now on about its waiting, each time that it says something else. */
export async function watchWaits(page: Page): Promise<() => Promise<readonly string[]>> {
  const said = await page.evaluateHandle(() => {
    const texts: string[] = [];
    const look = (): void => {
      const notice = document.querySelector<HTMLElement>('.notice');
      const text = notice === null || notice.hidden ? '' : (notice.textContent ?? '');
      if (text !== (texts.at(-1) ?? '')) texts.push(text);
    };
    new MutationObserver(look).observe(document, {
      ...{ subtree: true, childList: true, characterData: true, attributes: true },
    });
    return texts;
  });
  return () => said.jsonValue();
}

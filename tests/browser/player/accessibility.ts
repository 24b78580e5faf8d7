import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds wrong with a page as it is now. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  // The page's policy refuses scripts of others, but not what comes by the browser's tools.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    interface Report {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly { html: string }[] }[];
    }
    const { axe: tool } = window as unknown as { axe: { run: (options: object) => Promise<Report> } };
    const { violations } = await tool.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

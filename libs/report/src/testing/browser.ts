import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Why a browser cannot be had here; null when it can. */
export const browserMissing = existsSync(executablePath) ? null : `${executablePath} is not there`;

/** A browser that asks for nothing by itself. */
export async function openBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core finds wrong with a page under WCAG 2.2 AA, everything unfolded, and how many rules were satisfied. */
export async function accessibilityOf(page: Page): Promise<{ violations: readonly string[]; satisfied: number }> {
  await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(tags)} })
    .then(({ violations, passes }) => ({
      satisfied: passes.length,
      violations: violations.map(({ id, nodes }) => id + ': ' + nodes.map((n) => n.html + ' ' + n.failureSummary).join(' | ')),
    }))`);
}

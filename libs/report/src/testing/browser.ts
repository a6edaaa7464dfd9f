import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

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

interface Served {
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Opens an address in a context of its own, with nothing behind it but what `answer` gives. What else the page asks for
 * is refused and noted, and so is what it writes on the console or asks the reader.
 */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions,
  address: string,
  answer: (url: URL) => Served | undefined,
): Promise<{ page: Page; trouble: string[] }> {
  const page = await (await browser.newContext(options)).newPage();
  const trouble: string[] = [];
  page.on('console', (message) => trouble.push(message.text()));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.route('**/*', async (route) => {
    const url = route.request().url();
    const served = answer(new URL(url));
    if (served) return route.fulfill({ ...served });
    trouble.push(`asked for ${url}`);
    return route.abort();
  });
  await page.goto(address);
  return { page, trouble };
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

import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessibilityOf, browserMissing, hostileStrings, openBrowser, openPage } from '@hansa/report/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { auditLine } from './audit-view.js';
import { icon } from './components/emblem.js';
import { auditPage } from './pages/audit/audit.js';
import { datasetPage } from './pages/dataset.js';
import { failurePage } from './pages/failure.js';
import { homePage } from './pages/home.js';
import { modelPage } from './pages/model.js';
import { overviewPage } from './pages/overview.js';
import { registerPage } from './pages/register.js';
import { systemPage } from './pages/system.js';
import { choice, overview, rows, systemFile } from './register.fixtures.js';
import { systemView } from './register-view.js';
import { contentSecurityPolicy } from './send.js';
import { stylesheet } from './styles/stylesheet.js';
import { dataset, doneAudit, explained, lines, node, service, stationAudit, viewOf } from './web.fixtures.js';

const run = browserMissing === null ? describe : describe.skip;
if (browserMissing !== null) test.skip(`skipped: the pages in a browser, because ${browserMissing}`, () => {});

const failed = stationAudit('v1');
const passed = stationAudit('v2');
const hostileDatasets = hostileStrings.map((title, i) => ({
  ...dataset,
  id: `urn:uuid:${i}`,
  title,
  publisher: title,
  licence: title,
  offers: [{ id: title, policy: { title }, sentences: [title] }],
}));

const pages: Readonly<Record<string, string>> = {
  home: homePage({ node, datasets: [dataset, service], hasMore: false, models: lines }),
  dataset: datasetPage({ node, dataset }),
  service: datasetPage({ node, dataset: service }),
  model: modelPage({
    node,
    model: failed.model,
    audits: [auditLine(doneAudit(failed.report, failed.model))],
    explanation: explained,
    systems: [{ id: 'urn:uuid:1', name: 'Stations to check' }],
  }),
  register: registerPage({ node, rows, choice: { ...choice, sort: 'verdict' } }),
  system: systemPage(systemView(node, systemFile())),
  overview: overviewPage(node, overview),
  'audit-failed': auditPage({ node, audit: { ...viewOf(failed.report, failed.model), explanation: explained } }),
  'audit-passed': auditPage({ node, audit: viewOf(passed.report, passed.model) }),
  missing: failurePage({ node, status: 404, detail: 'This node does not offer the dataset x.', requestId: 'r-1' }),
};

const hostile = homePage({ node, datasets: hostileDatasets, hasMore: false, models: [] });

const looks: readonly (readonly [string, BrowserContextOptions])[] = [
  ['light at 1280 px', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
  ['dark at 1280 px', { colorScheme: 'dark', viewport: { width: 1280, height: 900 } }],
  ['light at 320 px', { colorScheme: 'light', viewport: { width: 320, height: 740 } }],
  ['dark at 320 px', { colorScheme: 'dark', viewport: { width: 320, height: 740 } }],
];

/** With PAGE_PICTURES set, pictures are left in the temporary directory for people to look at. */
const pictures = process.env.PAGE_PICTURES === undefined ? null : join(tmpdir(), 'hansa-pages');

run('in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
    if (pictures) mkdirSync(pictures, { recursive: true });
  });

  afterAll(() => browser.close());

  /** Opens a page as the node would send it. */
  const open = (markup: string, options: BrowserContextOptions) =>
    openPage(browser, options, 'https://hansa.example/page', ({ host, pathname }) => {
      if (host === 'hansa.example' && pathname === '/page')
        return {
          headers: { 'content-security-policy': contentSecurityPolicy },
          contentType: 'text/html; charset=utf-8',
          body: markup,
        };
      if (pathname === '/assets/hansa.css') return { contentType: 'text/css', body: stylesheet };
      return pathname === '/assets/hansa.svg' ? { contentType: 'image/svg+xml', body: icon } : undefined;
    });

  describe.each(looks)('%s', (look, options) => {
    test.each(Object.entries(pages))(
      'the page "%s" has no violation of WCAG 2.2 AA and fits the screen',
      async (name, markup) => {
        const { page, trouble } = await open(markup, options);
        if (pictures) await page.screenshot({ path: join(pictures, `${name} ${look}.png`), fullPage: true });
        const { violations, satisfied } = await accessibilityOf(page);
        expect(violations).toEqual([]);
        expect(satisfied).toBeGreaterThan(15);
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(options.viewport?.width);
        expect(trouble).toEqual([]);
        await page.context().close();
      },
    );
  });

  test('no hostile title of a peer runs, loads or shows as anything but itself', async () => {
    const { page, trouble } = await open(hostile, {});
    const shown = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.card h3 a')].map((a) => a.textContent)`,
    );
    expect(shown).toEqual(hostileStrings.map((text) => text.replaceAll('\0', '\uFFFD')));
    expect(await page.evaluate<boolean>(`'hostile' in window`)).toBe(false);
    expect(await page.evaluate<number>(`document.querySelectorAll('script,iframe,base,form,style,img').length`)).toBe(
      0,
    );
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  test('a keyboard reaches the content with the first key, and every stop can be seen', async () => {
    const { page } = await open(pages['audit-failed'] ?? '', { viewport: { width: 1280, height: 900 } });
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('content');
    let stops = 0;
    for (;;) {
      await page.keyboard.press('Tab');
      if (await page.evaluate<boolean>('document.activeElement === document.body')) break;
      expect(await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
      stops++;
    }
    expect(stops).toBeGreaterThan(20);
    await page.context().close();
  });

  test('the charts place each dot and interval where its number belongs', async () => {
    const { page } = await open(pages['audit-failed'] ?? '', { viewport: { width: 1280, height: 900 } });
    const places = await page.evaluate<{ label: string; dot: number }[]>(`(() => {
      const chart = document.querySelector('figure .chart');
      const { left, width } = chart.getBoundingClientRect();
      return [...chart.querySelectorAll('.row')].map((row) => {
        const box = row.querySelector('.dot').getBoundingClientRect();
        return { label: row.querySelector('.value').textContent, dot: (box.left + box.width / 2 - left) / width };
      });
    })()`);
    expect(places.length).toBeGreaterThan(10);
    for (const { label, dot } of places) expect(Math.abs(dot * 100 - Number.parseFloat(label))).toBeLessThan(0.2);
    await page.context().close();
  });

  test('a printed report shows what was folded', async () => {
    const { page } = await open(pages['audit-failed'] ?? '', {});
    await page.emulateMedia({ media: 'print' });
    const height = await page.evaluate<number>(
      `document.querySelector('details table').getBoundingClientRect().height`,
    );
    expect(height).toBeGreaterThan(100);
    if (pictures) await page.pdf({ path: join(pictures, 'audit-failed.pdf'), format: 'A4' });
    await page.context().close();
  });
});

import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import {
  accessibilityOf,
  auditReport,
  browserMissing,
  cellCounts,
  compas,
  confusion,
  hostileStrings,
  openBrowser,
  openPage,
  plan,
  recidivismPlan,
  scoredReport,
  withPeople,
} from '../testing/index.js';
import { classReport } from '../testing/task-reports.js';
import { reportDocument } from './report-document.js';
import { taskDocument } from './task-document.js';

const run = browserMissing === null ? describe : describe.skip;
if (browserMissing !== null) test.skip(`skipped: the report in a browser, because ${browserMissing}`, () => {});

const names = [
  ...hostileStrings.slice(0, 40),
  '\u202Eturned',
  'חיפה',
  'القاهرة 5',
  'x'.repeat(3000),
  'y '.repeat(900),
  '',
];
const strange = Object.fromEntries(
  names.map((name, i) => [name, confusion(100 + i * 17, 10 + (i % 23), 15 + (i % 31), 20 + ((i * 7) % 41))]),
);
const options = {
  subject: 'the decisions in compas-scores-two-years.csv',
  kind: 'decisions',
  data: 'compas-scores-two-years.csv',
  command: 'hansa audit run --data compas-scores-two-years.csv --plan plan.json --out report',
} as const;
const documents: Readonly<Record<string, string>> = {
  compas: reportDocument(withPeople(auditReport(recidivismPlan, compas), 'sex', ['Female', 'Male']), options),
  scored: reportDocument(scoredReport(), options),
  classes: taskDocument(classReport(['care', 'craft', ...names.slice(0, 6)]), options),
  strange: reportDocument(auditReport({ ...plan, attributes: ['town'] }, cellCounts({ town: strange })), {
    ...options,
    subject: hostileStrings.join(' '),
    command: `hansa ${'z'.repeat(400)}`,
  }),
};

/** 320 px is what a screen of 1280 px has left at 400 % (WCAG 2.2 §1.4.10). */
const looks: readonly (readonly [string, BrowserContextOptions])[] = [
  ['light at 1280 px', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
  ['dark at 1280 px', { colorScheme: 'dark', viewport: { width: 1280, height: 900 } }],
  ['light at 320 px', { colorScheme: 'light', viewport: { width: 320, height: 640 } }],
  ['dark at 320 px', { colorScheme: 'dark', viewport: { width: 320, height: 640 } }],
];

const address = 'https://hansa.example/report.html';

/** With PAGE_PICTURES set, pictures are left in the temporary directory for people to look at. */
const pictures = process.env.PAGE_PICTURES === undefined ? null : join(tmpdir(), 'hansa-pages');

run('a report in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
    if (pictures) mkdirSync(pictures, { recursive: true });
  });

  afterAll(() => browser.close());

  const open = (name: string, context: BrowserContextOptions) =>
    openPage(browser, context, address, ({ href }) =>
      href === address ? { contentType: 'text/html; charset=utf-8', body: documents[name] ?? '' } : undefined,
    );

  describe.each(looks)('%s', (look, context) => {
    test.each(Object.keys(documents))(
      'the document "%s" has no violation of WCAG 2.2 AA, fits the screen and asks for nothing',
      async (name) => {
        const { page, trouble } = await open(name, context);
        if (pictures) await page.screenshot({ path: join(pictures, `report-${name} ${look}.png`), fullPage: true });
        const { violations, satisfied } = await accessibilityOf(page);
        expect(violations).toEqual([]);
        expect(satisfied).toBeGreaterThan(15);
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(context.viewport?.width);
        expect(trouble).toEqual([]);
        await page.context().close();
      },
    );
  });

  test('runs nothing that a name tries to run', async () => {
    const { page, trouble } = await open('strange', {});
    expect(await page.evaluate<boolean>(`'hostile' in window`)).toBe(false);
    expect(await page.evaluate<number>(`document.querySelectorAll('script,iframe,base,form,img').length`)).toBe(0);
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  test('reads the same where scripts are switched off', async () => {
    const { page } = await open('compas', { javaScriptEnabled: false });
    expect(await page.locator('main').textContent()).toContain('Who is harmed?');
    expect(await page.locator('figure svg .row').count()).toBe(24);
    await page.context().close();
  });

  test('a keyboard reaches the content with the first key, and every stop can be seen', async () => {
    const { page } = await open('compas', { viewport: { width: 1280, height: 900 } });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('content');
    let stops = 0;
    for (;;) {
      await page.keyboard.press('Tab');
      if (await page.evaluate<boolean>('document.activeElement === document.body')) break;
      expect(await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
      stops++;
    }
    expect(stops).toBeGreaterThan(15);
    await page.context().close();
  });

  test('what is long is folded under its heading, and a key opens it', async () => {
    const { page } = await open('compas', { javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
    const fold = page.locator('.part-groups details.fold').first();
    const chart = fold.locator('figure').first();
    expect(await fold.locator('summary').first().textContent()).toMatch(/6\sgroups, 3 of them outside a margin$/);
    expect(await chart.isVisible()).toBe(false);
    await fold.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await chart.isVisible()).toBe(true);
    await page.context().close();
  });

  test.each(Object.keys(documents))(
    'the document "%s" prints on A4, unfolded, with no chart longer than a page',
    async (name) => {
      const { page } = await open(name, { colorScheme: 'dark', viewport: { width: 672, height: 986 } });
      await page.emulateMedia({ media: 'print' });
      const heights = await page.evaluate<number[]>(
        `[...document.querySelectorAll('.chart')].map((chart) => chart.getBoundingClientRect().height)`,
      );
      // 297 mm less two margins of 18 mm, at 96 dots an inch.
      expect(Math.max(...heights)).toBeLessThan((261 / 25.4) * 96);
      expect(
        await page.evaluate<number>(`document.querySelector('details table').getBoundingClientRect().height`),
      ).toBeGreaterThan(100);
      const pdf = await page.pdf({
        preferCSSPageSize: true,
        ...(pictures && { path: join(pictures, `report-${name}.pdf`) }),
      });
      const text = pdf.toString('latin1');
      expect(text.startsWith('%PDF-')).toBe(true);
      // A4 in points, 1/72 of an inch.
      expect(text).toMatch(/\/MediaBox \[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
      const pages = text.match(/\/Type \/Page\b/g)?.length ?? 0;
      expect(pages).toBeGreaterThan(3);
      expect(pages).toBeLessThan(40);
      await page.context().close();
    },
  );
});

import { buildTaskReport, type TaskReport, taskPlanDefaults } from '@hansa/fair';
import { digestOf, must } from '@hansa/kernel';

const head = { model: { digest: digestOf('model') }, software: { name: 'hansa', version: '0.1.0' } } as const;

/** A report on decisions among classes: in the west every second answer is the first class. */
export function classReport(classes: readonly string[]): TaskReport {
  const regions = ['east', 'north', 'west', 'isle'];
  const cells = regions.flatMap((_, g) =>
    classes.flatMap((__, y) =>
      classes.map((___, d) => {
        const rows = y === d ? 60 + 10 * y : d === 0 ? (g === 2 ? 60 : 8) : (g + y + d) % 3;
        return { g, y, d, rows: g === 3 ? Number(y === d && y < 2) * 4 : rows };
      }),
    ),
  );
  return must(
    buildTaskReport({
      ...head,
      at: '2026-11-24T04:05:06.789Z',
      data: { digest: digestOf('data'), rows: cells.reduce((sum, { rows }) => sum + rows, 0) },
      material: {
        plan: {
          ...taskPlanDefaults,
          task: 'multiclass',
          outcome: { name: 'line of work' },
          attributes: ['region'],
          metrics: [
            { metric: 'accuracyDifference', margin: 0.1, reason: 'Answers should be right everywhere.' },
            { metric: 'equalizedOddsDifference', margin: 0.1, reason: 'And mistakes should fall on all alike.' },
          ],
        },
        classes: {
          classes,
          attributes: [{ attribute: 'region', values: regions }],
          codes: Uint32Array.from(cells, ({ g }) => g),
          label: Uint16Array.from(cells, ({ y }) => y),
          decision: Uint16Array.from(cells, ({ d }) => d),
          rows: Float64Array.from(cells, ({ rows }) => rows),
        },
      },
    }),
  );
}

import { type AuditPlan, columnsOfPlan } from '../plan.js';

/**
 * The tables that a plan needs, by their columns: everybody, each attribute and each intersection, and both once more
 * by each control. Columns stand in the plan's order; no table is there twice.
 *
 * @example
 * tablesOfPlan({ ...plan, attributes: ['sex', 'race'] }); // [[], ['sex'], ['race']]
 */
export function tablesOfPlan(plan: AuditPlan): readonly (readonly string[])[] {
  const { attributes, intersections = [], controls = [] } = plan;
  const compared = [...attributes.map((name) => [name]), ...intersections];
  const within = controls.flatMap((control) =>
    compared.flatMap((names) => (names.includes(control) ? [] : [[...names, control]])),
  );
  const order = columnsOfPlan(plan);
  const sorted = [[], ...compared, ...within].map((names) => order.filter((name) => names.includes(name)));
  const keys = sorted.map((names) => names.join('\0'));
  return sorted.filter((_, i) => keys.indexOf(keys[i] ?? '') === i);
}

import type { Comparand, Operand } from '../operand.js';
import type { Literal, Operator } from '../policy.js';
import { odrlNamespace } from '../terms.js';
import { listOf, shown, textsOf } from '../words.js';

/** The officially assigned codes of ISO 3166-1 alpha-2. */
const countries: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
    'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO ' +
    'FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE ' +
    'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO ' +
    'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW ' +
    'PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM ' +
    'TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
  ).split(' '),
);

const eu = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');

/** The European Union (27 members since 2020-02-01) and the European Economic Area. */
const regions: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['EU', new Set(eu)],
  ['EEA', new Set([...eu, 'IS', 'LI', 'NO'])],
]);

function lies(country: string, operator: Operator, values: readonly Literal[]): boolean {
  const isPart = operator === 'isPartOf';
  return values.some(({ value }) => country === value || (isPart && regions.get(value)?.has(country) === true));
}

/**
 * `odrl:spatial`: the countries where the assignee is established, against ISO 3166-1 alpha-2 codes; `isPartOf` also
 * takes `EU` and `EEA`. An assignee established in several countries of which only some match is unknown: it neither
 * fulfils a permission nor escapes a prohibition.
 */
export const spatialOperand: Operand = {
  iri: `${odrlNamespace}spatial`,
  operators: ['eq', 'isAnyOf', 'isNoneOf', 'isPartOf'],
  complaint: ({ type, value }, operator) => {
    if (type === undefined && (countries.has(value) || (operator === 'isPartOf' && regions.has(value))))
      return undefined;
    return operator === 'isPartOf' ? 'not EU, EEA or a country code' : 'not an ISO 3166-1 alpha-2 country code';
  },
  phrase: (operator, values) =>
    `the assignee is ${operator === 'isNoneOf' ? 'not ' : ''}established in ${listOf(textsOf(values), 'or')}`,
  examine: (operator, values, { facts }) => {
    const established = facts.countries ?? [];
    const code = 'spatial.not-allowed';
    const foreign = established.find((country) => !countries.has(country));
    if (established.length === 0)
      return { state: 'unknown', actual: 'no country of establishment is known', code: 'spatial.unknown' };
    if (foreign !== undefined)
      return { state: 'unknown', actual: `"${shown(foreign)}" is not a country code`, code: 'spatial.unknown' };
    const inside = established.filter((country) => lies(country, operator, values)).length;
    const actual = `established in ${listOf(established, 'and')}`;
    if (inside > 0 && inside < established.length) return { state: 'unknown', actual, code };
    return { state: inside > 0 === (operator !== 'isNoneOf') ? 'satisfied' : 'unsatisfied', actual, code };
  },
  implies: (given, wanted) => {
    if ((given.operator === 'isNoneOf') !== (wanted.operator === 'isNoneOf')) return false;
    const [few, many] = given.operator === 'isNoneOf' ? [wanted, given] : [given, wanted];
    return countriesOf(few).every((country) => lies(country, many.operator, many.values));
  },
};

/** The countries that a comparison names, regions taken apart. */
function countriesOf({ operator, values }: Comparand): readonly string[] {
  return values.flatMap(({ value }) => (operator === 'isPartOf' ? [...(regions.get(value) ?? [value])] : [value]));
}

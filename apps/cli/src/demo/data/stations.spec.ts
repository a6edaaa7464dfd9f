import { digestOf, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { writeCsv } from './csv.js';
import { readPackageFile } from './package-file.js';
import { kindOf, lacksStepFreeAccess, loadStations, type StationRow, splitOf } from './stations.js';
import { loadStops } from './stops.js';

const stations = must(loadStations());
const count = (rows: readonly StationRow[], key: keyof StationRow) => {
  const values = rows.map((row) => String(row[key])).sort();
  return Object.fromEntries([...new Set(values)].map((value) => [value, values.filter((v) => v === value).length]));
};

describe('stations', () => {
  test('every station of the package is one row with an id of its own', () => {
    expect(stations).toHaveLength(5388);
    expect(new Set(stations.map((row) => row.id)).size).toBe(5388);
    expect(stations.filter((row) => !/^8\d{6}$/.test(row.id))).toEqual([]);
    expect(new Set(stations.map((row) => row.federalState)).size).toBe(16);
  });

  test('partial access counts as lacking, and silence is no answer', () => {
    expect((['yes', 'partial', 'no', undefined] as const).map(lacksStepFreeAccess)).toEqual([0, 1, 1, null]);
    expect(count(stations, 'lacksStepFreeAccess')).toEqual({ '0': 4350, '1': 1021, null: 17 });
  });

  test('training and audit share no station and keep their sizes', () => {
    expect(count(stations, 'split')).toEqual({ audit: 3273, training: 2098, unlabelled: 17 });
    const lacking = stations.filter((row) => row.lacksStepFreeAccess === 1);
    expect(count(lacking, 'split')).toEqual({ audit: 635, training: 386 });
    expect(stations.filter((row) => row.split !== 'unlabelled' && row.split !== splitOf(row.id))).toEqual([]);
  });

  test('kinds come from the product segments, in either spelling', () => {
    expect(count(stations, 'kind')).toEqual({
      'central S-Bahn': 362,
      'city hub': 104,
      'regional feeder': 1725,
      'regional hub': 338,
      'rural feeder': 2271,
      'suburban S-Bahn': 563,
      unclassified: 25,
    });
    expect(kindOf('Vorstädtischer S-Bahnhof')).toBe(kindOf('vorstädtischer S-Bahnhof'));
  });

  test('the table is the one that the models were trained and audited on', () => {
    expect(digestOf(writeCsv(stations))).toBe(
      'sha-256:16a1f6322baa064c6e81a0dd4ad6a51d96141edfae8a2481d493a6cfce0fd954',
    );
  });
});

describe('stops', () => {
  test('every stop is one row with an id and a place inside the network', () => {
    const stops = must(loadStops());
    expect(stops).toHaveLength(26_679);
    expect(new Set(stops.map((row) => row.id)).size).toBe(26_679);
    expect(stops.filter((row) => row.areaKey === '11000')).toHaveLength(7978);
    const outside = stops.filter((s) => s.latitude < 50 || s.latitude > 55 || s.longitude < 11 || s.longitude > 18);
    expect(outside).toEqual([]);
    expect(digestOf(writeCsv(stops))).toBe('sha-256:4f4b57d295c75a922fc5da0d50b485c7b1f6e074816b26c81061d6cf19450d21');
  });
});

describe('files', () => {
  test('fields are quoted where RFC 4180 asks for it and nowhere else', () => {
    const rows = [
      { a: 'x,y', 'b"': null },
      { a: 'says "hi"\r\n', 'b"': 1.5 },
    ];
    expect(writeCsv(rows)).toBe('a,"b"""\r\n"x,y",\r\n"says ""hi""\r\n",1.5\r\n');
    expect(writeCsv([])).toBe('');
  });

  test('a missing development dependency is named together with its cure', () => {
    const file = readPackageFile('no-such-stations/full.json');
    expect(file).toMatchObject({ ok: false, problem: { kind: 'demo.data-package-missing' } });
    expect(file.ok ? '' : file.problem.detail).toContain('run "npm ci" without "--omit=dev"');
  });
});

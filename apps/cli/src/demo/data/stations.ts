import { createHash } from 'node:crypto';
import { ok, type Result } from '@hansa/kernel';
import { z } from 'zod';
import { type PackageFileProblem, readPackageFile } from './package-file.js';

/**
 * Kinds of station, from Deutsche Bahn's own product segments (`productLine.segment`). Its big-city and metropolitan
 * hubs are one kind, since the 18 metropolitan hubs alone could never be judged. 25 stations carry a bare number
 * instead of a segment: nobody says what they are, so neither do we.
 */
const kindBySegment: Readonly<Record<string, string>> = {
  'ländlicher zubringer': 'rural feeder',
  'regionaler zubringer': 'regional feeder',
  'vorstädtischer s-bahnhof': 'suburban S-Bahn',
  'zentraler s-bahnhof': 'central S-Bahn',
  'regionaler knoten': 'regional hub',
  großstadtknoten: 'city hub',
  metropolbahnhof: 'city hub',
};

const amenities = [
  'hasParking',
  'hasBicycleParking',
  'hasLocalPublicTransport',
  'hasPublicFacilities',
  'hasLockerSystem',
  'hasTaxiRank',
  'hasTravelNecessities',
  'hasMobilityService',
  'hasWiFi',
  'hasTravelCenter',
  'hasRailwayMission',
  'hasDBLounge',
  'hasLostAndFound',
  'hasCarRental',
] as const;

type Amenity = (typeof amenities)[number];

/** Which rows a model may learn from, which ones judge it, and which ones have no answer to learn or judge by. */
export type Split = 'training' | 'audit' | 'unlabelled';

/** One railway station of Germany as models and audits see it. Amenities are 0 or 1. */
export interface StationRow extends Readonly<Record<Amenity, number>> {
  /** IBNR, Deutsche Bahn's seven-digit station number. */
  readonly id: string;
  readonly name: string;
  readonly federalState: string;
  readonly kind: string;
  /** Deutsche Bahn's station category, from 1 (largest hubs) to 7 (smallest halts). */
  readonly category: number;
  /** WGS 84, degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** Traffic estimate of the package, without a unit; 0 where it knows of no departures (8 stations). */
  readonly weight: number;
  /** 1 when a wheelchair user cannot rely on step-free access, 0 when they can, `null` when the source is silent. */
  readonly lacksStepFreeAccess: 0 | 1 | null;
  readonly split: Split;
}

const flag = z.boolean().transform(Number);

const sourceStation = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  federalState: z.string().min(1),
  category: z.number().int().min(1).max(7),
  location: z.object({ latitude: z.number(), longitude: z.number() }),
  weight: z.number().default(0),
  productLine: z.object({ segment: z.string() }),
  hasSteplessAccess: z.enum(['yes', 'partial', 'no']).optional(),
  hasMobilityService: z.string().transform((text) => (text === 'no' ? 0 : 1)),
  hasParking: flag,
  hasBicycleParking: flag,
  hasLocalPublicTransport: flag,
  hasPublicFacilities: flag,
  hasLockerSystem: flag,
  hasTaxiRank: flag,
  hasTravelNecessities: flag,
  hasWiFi: flag,
  hasTravelCenter: flag,
  hasRailwayMission: flag,
  hasDBLounge: flag,
  hasLostAndFound: flag,
  hasCarRental: flag,
});

type SourceStation = z.infer<typeof sourceStation>;

/** The share of labelled stations that training may see. The larger part audits: see `model/README.md`. */
const trainingShare = 0.4;

/**
 * The stations of the npm package `db-stations`, one row each, in the package's order.
 *
 * Owner of the data: Deutsche Bahn (station data "StaDa"), CC BY 4.0; the package itself is ISC.
 *
 * @example
 * const stations = loadStations();
 * if (stations.ok) writeCsv(stations.value.filter((row) => row.split === 'audit'));
 */
export function loadStations(): Result<readonly StationRow[], PackageFileProblem> {
  const file = readPackageFile('db-stations/full.ndjson');
  return file.ok ? ok(stationRows(file.value)) : file;
}

/** Newline-delimited JSON of `db-stations/full.ndjson` as rows. Throws when a line is not a station: a defect here. */
function stationRows(ndjson: string): readonly StationRow[] {
  return ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => stationRow(sourceStation.parse(JSON.parse(line))));
}

function stationRow(station: SourceStation): StationRow {
  const label = lacksStepFreeAccess(station.hasSteplessAccess);
  return {
    id: station.id,
    name: station.name,
    federalState: station.federalState,
    kind: kindOf(station.productLine.segment),
    category: station.category,
    latitude: station.location.latitude,
    longitude: station.location.longitude,
    weight: station.weight,
    ...amenitiesOf(station),
    lacksStepFreeAccess: label,
    split: label === null ? 'unlabelled' : splitOf(station.id),
  };
}

/**
 * `partial` counts as lacking. It means that some platforms or some ways are step-free, and the source does not say
 * which; a person who must know before they travel cannot rely on it, and to be stranded costs more than a check.
 */
export function lacksStepFreeAccess(access: 'yes' | 'partial' | 'no' | undefined): 0 | 1 | null {
  if (access === undefined) return null;
  return access === 'yes' ? 0 : 1;
}

/** The kind of a product segment; `unclassified` for the bare numbers that stand in 25 entries. */
export function kindOf(segment: string): string {
  return kindBySegment[segment.toLowerCase()] ?? 'unclassified';
}

/**
 * Training or audit, decided by the station's id alone: the first 32 bits of its SHA-256 as a fraction. No draw to
 * repeat, no order to depend on, and a station never changes sides when others come or go.
 */
export function splitOf(id: string): 'training' | 'audit' {
  const fraction = createHash('sha256').update(id).digest().readUInt32BE(0) / 2 ** 32;
  return fraction < trainingShare ? 'training' : 'audit';
}

function amenitiesOf(station: SourceStation): Readonly<Record<Amenity, number>> {
  return Object.fromEntries(amenities.map((name) => [name, station[name]])) as Record<Amenity, number>;
}

import { ok, type Result } from '@hansa/kernel';
import { z } from 'zod';
import { type PackageFileProblem, readPackageFile } from './package-file.js';

/** One stop of the transport association Berlin-Brandenburg, as the city offers it. */
export interface StopRow {
  /** The stop's DHID (`de:11000:900009101`: country, municipality, stop), or the operator's own number. */
  readonly id: string;
  readonly name: string;
  /** Official German municipality or county key out of the DHID (`11000` is Berlin); `null` for other ids. */
  readonly areaKey: string | null;
  /** WGS 84, degrees. */
  readonly latitude: number;
  readonly longitude: number;
  /** Arrivals and departures in the timetable, weighted by mode of transport; without a unit. */
  readonly weight: number;
  /** Platforms or positions listed under the stop; 0 where the timetable lists none apart. */
  readonly platforms: number;
}

const sourceStops = z.record(
  z.string(),
  z.object({
    id: z.string().min(1),
    name: z.string().min(1),
    location: z.object({ latitude: z.number(), longitude: z.number() }),
    weight: z.number(),
    stops: z.array(z.unknown()),
  }),
);

/**
 * The stops of the npm package `vbb-stations`, one row each, ordered by id.
 *
 * Owner of the data: VBB Verkehrsverbund Berlin-Brandenburg GmbH (timetable data, GTFS), CC BY 4.0; the package itself
 * is ISC.
 *
 * @example
 * const stops = loadStops();
 * if (stops.ok) writeCsv(stops.value);
 */
export function loadStops(): Result<readonly StopRow[], PackageFileProblem> {
  const file = readPackageFile('vbb-stations/full.json');
  return file.ok ? ok(stopRows(file.value)) : file;
}

/** The JSON of `vbb-stations/full.json` as rows. Throws when an entry is not a stop: a defect here. */
function stopRows(json: string): readonly StopRow[] {
  return Object.values(sourceStops.parse(JSON.parse(json)))
    .map((stop) => ({
      id: stop.id,
      name: stop.name,
      areaKey: /^de:(\d{5}):/.exec(stop.id)?.[1] ?? null,
      latitude: stop.location.latitude,
      longitude: stop.location.longitude,
      weight: stop.weight,
      platforms: stop.stops.length,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

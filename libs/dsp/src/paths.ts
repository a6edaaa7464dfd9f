/** A callback address or endpoint may end in a slash or not (DSP 2025-1, HTTPS binding). */
function under(base: string, ...segments: readonly string[]): string {
  return [base.replace(/\/+$/, ''), ...segments].join('/');
}

/** One path segment. Colons stay as they are: they are legal there, and pids and dataset ids are often URNs. */
function segment(id: string): string {
  return encodeURIComponent(id).replaceAll('%3A', ':');
}

/**
 * The URLs of the negotiation endpoints under the receiver's base: the endpoint of its catalogue's data service, or its
 * callback address. `pid` is the receiver's own.
 *
 * @example
 * negotiationPaths.request('https://a.example/dsp/'); // 'https://a.example/dsp/negotiations/request'
 */
export const negotiationPaths = {
  request: (base: string) => under(base, 'negotiations', 'request'),
  offers: (base: string) => under(base, 'negotiations', 'offers'),
  negotiation: (base: string, pid: string) => under(base, 'negotiations', segment(pid)),
  counterRequest: (base: string, pid: string) => under(base, 'negotiations', segment(pid), 'request'),
  counterOffer: (base: string, pid: string) => under(base, 'negotiations', segment(pid), 'offers'),
  agreement: (base: string, pid: string) => under(base, 'negotiations', segment(pid), 'agreement'),
  verification: (base: string, pid: string) => under(base, 'negotiations', segment(pid), 'agreement', 'verification'),
  events: (base: string, pid: string) => under(base, 'negotiations', segment(pid), 'events'),
  termination: (base: string, pid: string) => under(base, 'negotiations', segment(pid), 'termination'),
} as const;

/** The URLs of the transfer endpoints; see {@link negotiationPaths}. */
export const transferPaths = {
  request: (base: string) => under(base, 'transfers', 'request'),
  transfer: (base: string, pid: string) => under(base, 'transfers', segment(pid)),
  start: (base: string, pid: string) => under(base, 'transfers', segment(pid), 'start'),
  suspension: (base: string, pid: string) => under(base, 'transfers', segment(pid), 'suspension'),
  completion: (base: string, pid: string) => under(base, 'transfers', segment(pid), 'completion'),
  termination: (base: string, pid: string) => under(base, 'transfers', segment(pid), 'termination'),
} as const;

/** The URLs of the catalogue endpoints. */
export const catalogPaths = {
  request: (base: string) => under(base, 'catalog', 'request'),
  dataset: (base: string, id: string) => under(base, 'catalog', 'datasets', segment(id)),
} as const;
